package io.mlog.systemtests.harness;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/**
 * Programs of other people that a test needs. A missing one skips the test and says so; with {@code
 * MLOG_REQUIRE_TOOLS=1} it fails, so that a machine that must run everything cannot skip silently.
 */
public final class Tools {
    private Tools() {}

    /** Whether a missing tool is a failure. */
    public static boolean required() {
        return "1".equals(System.getenv("MLOG_REQUIRE_TOOLS"));
    }

    /** Goes on only when the program is on the path, or at the absolute path given. */
    public static void requireOrSkip(String program) {
        requireOrSkip(isThere(program), program + " is not installed");
    }

    /** Goes on only when {@code there}; else skips for this reason, or fails. */
    public static void requireOrSkip(boolean there, String reason) {
        if (there) {
            return;
        }
        if (required()) {
            throw new AssertionError(reason + ", and MLOG_REQUIRE_TOOLS=1 forbids to skip");
        }
        Assumptions.abort(reason);
    }

    static boolean isThere(String program) {
        if (program.startsWith("/")) {
            return Files.isExecutable(Path.of(program));
        }
        for (String folder : System.getenv("PATH").split(File.pathSeparator, -1)) {
            if (Files.isExecutable(Path.of(folder, program))) {
                return true;
            }
        }
        return false;
    }
}
