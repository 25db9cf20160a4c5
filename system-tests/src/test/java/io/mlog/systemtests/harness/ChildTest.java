package io.mlog.systemtests.harness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChildTest {
    private static final Duration LIMIT = Duration.ofSeconds(20);

    @TempDir Path folder;

    @Test
    void filesAreItsInputAndOutput() throws Exception {
        Path text = Files.writeString(folder.resolve("in"), "one\ntwo\n");
        Path copy = folder.resolve("out");
        Commands.run(LIMIT, Launch.of("cat").from(text).to(copy)).ok();
        assertThat(copy).hasContent("one\ntwo\n");
    }

    @Test
    void outputAndExitCodeAreCaptured() throws Exception {
        Ran ran = Commands.run(LIMIT, Launch.of("sh", "-c", "echo out; echo bad >&2; exit 3"));
        assertThat(ran.exit()).isEqualTo(3);
        assertThat(ran.out()).isEqualTo("out\n");
        assertThat(ran.err()).isEqualTo("bad\n");
        assertThatThrownBy(ran::ok)
                .hasMessageContaining("ended with 3")
                .hasMessageContaining("bad");
    }

    @Test
    void aCommandThatDoesNotEndIsKilledAndReported() throws Exception {
        Child child = Child.start(Launch.of("sh", "-c", "echo hello; sleep 600"));
        child.out().awaitLine(LIMIT, "hello", "hello"::equals);
        assertThatThrownBy(() -> child.awaitExit(Duration.ofMillis(50)))
                .hasMessageContaining("did not end within")
                .hasMessageContaining("hello");
        assertThat(child.isAlive()).isFalse();
    }

    @Test
    void closingEndsWhatItStartedToo() throws Exception {
        Child child = Child.start(Launch.of("sh", "-c", "sleep 600 & echo $!; wait"));
        String line = child.out().awaitLine(LIMIT, "a pid", l -> !l.isEmpty());
        child.close();
        Await.until(
                LIMIT,
                "the end of the grandchild",
                () -> ProcessHandle.of(Long.parseLong(line)).map(p -> !p.isAlive()).orElse(true));
    }

    @Test
    void aSignalReachesIt() throws Exception {
        try (Child child =
                Child.start(
                        Launch.of(
                                "sh",
                                "-c",
                                "trap 'exit 7' INT; echo set; while :; do read x; done"))) {
            child.out().awaitLine(LIMIT, "the trap", "set"::equals);
            child.signal("INT");
            assertThat(child.awaitExit(LIMIT)).isEqualTo(7);
        }
    }

    @Test
    void theEnvironmentOfTheTestDoesNotReachIt() throws Exception {
        Ran ran = Commands.run(LIMIT, Launch.of("env").env("MLOG_FLUSH", "os"));
        assertThat(ran.ok().out().lines().filter(line -> line.startsWith("MLOG_")))
                .filteredOn(line -> !line.startsWith("MLOG_JAVA_HOME"))
                .containsExactly("MLOG_FLUSH=os");
    }

    @Test
    void aLivingProcessHasMemoryAndFiles() throws Exception {
        ProcStat self = ProcStat.of(ProcessHandle.current().pid());
        assertThat(self.rssBytes()).isGreaterThan(10L << 20);
        assertThat(self.cpuSeconds()).isPositive();
        assertThat(self.sockets()).isNotNegative();
    }
}
