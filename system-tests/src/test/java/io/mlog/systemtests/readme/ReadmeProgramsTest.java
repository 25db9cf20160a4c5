package io.mlog.systemtests.readme;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlog.systemtests.harness.BrokerProcess;
import io.mlog.systemtests.harness.Checkout;
import io.mlog.systemtests.harness.Commands;
import io.mlog.systemtests.harness.Launch;
import io.mlog.systemtests.harness.Ran;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Compiles and runs the programs under "API usage" as a reader would: each as a file of its own.
 */
final class ReadmeProgramsTest {
    private static final Duration LIMIT = Duration.ofSeconds(50);
    private static final Pattern JAVA_BLOCK = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);

    @TempDir Path dir;

    @Test
    @Timeout(180)
    void programsOfTheReadmeCompileAndDoWhatTheySay() throws Exception {
        List<String> programs = programs();
        assertThat(programs).hasSize(3);
        try (BrokerProcess broker = BrokerProcess.in(dir.resolve("data"))) {
            broker.start();
            assertThat(run(programs.get(0), broker))
                    .isEqualTo("stored in partition 0 at offset 0\n");
            assertThat(run(programs.get(1), broker)).contains("0: two apples\n");
            assertThat(run(programs.get(2), broker))
                    .contains("events: 3 partitions\n", "orders: 1 partitions\n")
                    .contains("partition 2 is led by node-1\n");
        }
    }

    private static List<String> programs() throws IOException {
        String readme = Files.readString(Checkout.root().resolve("README.md"));
        String section =
                readme.substring(readme.indexOf("## API usage"), readme.indexOf("## More"));
        return JAVA_BLOCK
                .matcher(section)
                .results()
                .map(MatchResult::group)
                .map(block -> block.substring(8, block.length() - 3))
                .toList();
    }

    /** Runs a program in source form, which compiles it first, and returns what it printed. */
    private String run(String program, BrokerProcess broker)
            throws IOException, InterruptedException {
        assertThat(program).contains("127.0.0.1:9094");
        Path file =
                Files.writeString(
                        dir.resolve("Program.java"),
                        program.replace("127.0.0.1:9094", broker.address()));
        Ran ran =
                Commands.run(
                        LIMIT,
                        Launch.of(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "--enable-native-access=ALL-UNNAMED",
                                "-XX:TieredStopAtLevel=1",
                                "-cp",
                                Checkout.root().resolve("dist/lib") + "/*",
                                file.toString()));
        assertThat(ran.exit()).as(ran.toString()).isZero();
        return ran.out();
    }
}
