package io.mlog.systemtests.harness;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** A tmpfs of a few megabytes, mounted for one test. Closing it unmounts. */
public final class SmallDisk implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final Path root;

    private SmallDisk(Path root) {
        this.root = root;
    }

    /**
     * Mounts one on a folder that it makes; skips the test, or with {@code MLOG_REQUIRE_TOOLS=1}
     * fails it, where that is not allowed.
     */
    public static SmallDisk mountOrSkip(Path folder, long bytes) throws Exception {
        Files.createDirectory(folder);
        Ran mount =
                Commands.run(
                        LIMIT,
                        Launch.of(
                                "mount",
                                "-t",
                                "tmpfs",
                                "-o",
                                "size=" + bytes,
                                "tmpfs",
                                folder.toString()));
        Tools.requireOrSkip(mount.exit() == 0, "no tmpfs can be mounted: " + mount.err());
        return new SmallDisk(folder);
    }

    /** Where it is mounted. */
    public Path root() {
        return root;
    }

    @Override
    public void close() throws IOException {
        try {
            Commands.run(LIMIT, Launch.of("umount", root.toString())).ok();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted before " + root + " was unmounted", e);
        }
    }
}
