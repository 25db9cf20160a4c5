package io.mlog.systemtests.house;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlog.systemtests.harness.Commands;
import io.mlog.systemtests.harness.Launch;
import io.mlog.systemtests.harness.Ran;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * How the launchers find a Java. They look for versions that no machine has, so that only the ones
 * that a test makes are found.
 */
class FindJdkTest {
    private static final Duration LIMIT = Duration.ofSeconds(20);

    @TempDir Path folder;

    @Test
    void aSearchThatFindsNothingEndsWithOneClearLine() throws Exception {
        for (Launch launch :
                new Launch[] {Launch.bin("find-jdk"), Launch.bin("server"), Launch.bin("topic")}) {
            Ran ran = Commands.run(LIMIT, launch.env("MLOG_JAVA_MIN", "99"));
            assertThat(ran.exit()).isEqualTo(1);
            assertThat(ran.out()).isEmpty();
            assertThat(ran.err().lines())
                    .singleElement()
                    .asString()
                    .contains("Java 99 or newer", "found none", "install one", "JAVA_HOME");
        }
    }

    @Test
    void aJavaHomeThatIsNewEnoughIsFound() throws Exception {
        Path java = java("99.0.1", true);
        Ran ran = Commands.run(LIMIT, search().env("MLOG_JAVA_HOME", java.toString())).ok();
        assertThat(ran.out().strip()).isEqualTo(java.toString());
        assertThat(Commands.run(LIMIT, search().env("JAVA_HOME", java.toString())).ok().out())
                .isEqualTo(ran.out());
    }

    @Test
    void anOlderOneIsNot() throws Exception {
        Ran ran =
                Commands.run(
                        LIMIT, search().env("MLOG_JAVA_HOME", java("98.0.9", true).toString()));
        assertThat(ran.exit()).isEqualTo(1);
    }

    @Test
    void oneWithoutACompilerServesToRunButNotToBuild() throws Exception {
        Launch search = search().env("MLOG_JAVA_HOME", java("99", false).toString());
        Commands.run(LIMIT, search).ok();
        assertThat(Commands.run(LIMIT, search.env("NEED_JAVAC", "1")).exit()).isEqualTo(1);
    }

    private static Launch search() {
        return Launch.bin("find-jdk").env("MLOG_JAVA_MIN", "99").env("JAVA_HOME", "");
    }

    private Path java(String version, boolean withCompiler) throws IOException {
        Path bin = Files.createDirectories(folder.resolve("jdk/bin"));
        Files.writeString(
                folder.resolve("jdk/release"),
                "IMPLEMENTOR=\"us\"\nJAVA_VERSION=\"" + version + "\"\n");
        program(bin.resolve("java"));
        if (withCompiler) {
            program(bin.resolve("javac"));
        }
        return folder.resolve("jdk");
    }

    private static void program(Path file) throws IOException {
        Files.writeString(file, "#!/bin/sh\nexit 1\n");
        assertThat(file.toFile().setExecutable(true)).isTrue();
    }
}
