package io.mlog.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlog.systemtests.harness.Await;
import io.mlog.systemtests.harness.BrokerProcess;
import io.mlog.systemtests.harness.Commands;
import io.mlog.systemtests.harness.JavaKafkaSpeaker;
import io.mlog.systemtests.harness.Launch;
import io.mlog.systemtests.harness.Lines;
import io.mlog.systemtests.harness.Ran;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code mlog verify} and {@code mlog dump} on what a broker that was killed leaves. */
class DataFilesTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final int LINES = 2_000;

    @TempDir Path folder;

    @Test
    @Timeout(180)
    void afterAKillTheDirectoryIsSoundAndEveryFileInItCanBePrinted() throws Exception {
        Path data = folder.resolve("data");
        Path text = Lines.writeNonEmpty(folder.resolve("text"), LINES, 3);
        try (BrokerProcess broker = BrokerProcess.in(data).flag("--segment-bytes", "20000")) {
            broker.start();
            new JavaKafkaSpeaker().write(broker.address(), "lines", text);
            Ran inUse = verify(data);
            assertThat(inUse.exit()).isEqualTo(1);
            assertThat(inUse.err()).contains("while a broker uses it", "process ");
            awaitEveryKindOfFile(data);
            broker.kill9();
            assertThat(verify(data).exit()).as("after the first kill").isZero();
            broker.start();
            broker.kill9();
        }
        Ran sound = verify(data);
        assertThat(sound.exit()).isZero();
        assertThat(sound.out()).contains("sound: 1 partitions, ", " 0 findings");

        Path output = folder.resolve("dump");
        Ran dump =
                Commands.run(
                        LIMIT,
                        Launch.bin("mlog", "dump", "--records").with(files(data)).to(output));
        assertThat(dump.exit()).as(dump.err()).isZero();
        assertThat(dump.err()).isEmpty();
        List<String> printed = Files.readAllLines(output);
        assertThat(printed).filteredOn(line -> line.startsWith("record ")).hasSize(LINES);
        assertThat(printed)
                .anyMatch(line -> line.startsWith("batch position=0 "))
                .anyMatch(line -> line.startsWith("indexEntry "))
                .anyMatch(line -> line.startsWith("timeIndexEntry "))
                .anyMatch(line -> line.startsWith("recoveryPoint topic=\"lines\""))
                .anyMatch(line -> line.startsWith("highWatermark topic=\"lines\""))
                .anyMatch(line -> line.startsWith("leaderEpoch "))
                .anyMatch(line -> line.startsWith("producer producerId="))
                .anyMatch(line -> line.startsWith("bootEpoch "))
                .anyMatch(line -> line.startsWith("identity "))
                .anyMatch(line -> line.contains("command=\"CreateTopic\" name=\"lines\""))
                .anyMatch(line -> line.startsWith("LeaderChange partition=\"lines-0\""));
    }

    /** Checkpoints and indexes follow the records within a second or so. */
    private static void awaitEveryKindOfFile(Path data) {
        Path partition = data.resolve("lines-0");
        Await.until(
                LIMIT,
                "checkpoints that know the topic, an index, a time index, a producer snapshot",
                () ->
                        knowsTheTopic(data.resolve("recovery-point"))
                                && knowsTheTopic(data.resolve("high-watermarks"))
                                && holdsFilled(partition, ".idx")
                                && holdsFilled(partition, ".timeidx")
                                && holdsFilled(partition, ".snapshot")
                                && Files.exists(partition.resolve("leader-epochs")));
    }

    private static boolean knowsTheTopic(Path checkpoint) throws IOException {
        return Files.exists(checkpoint)
                && Files.readString(checkpoint, StandardCharsets.ISO_8859_1).contains("lines");
    }

    private static boolean holdsFilled(Path folder, String ending) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.anyMatch(
                    file -> file.toString().endsWith(ending) && file.toFile().length() > 0);
        }
    }

    private static Ran verify(Path data) throws Exception {
        return Commands.run(LIMIT, Launch.bin("mlog", "verify", data.toString()));
    }

    /** All but the locks, which hold nothing. */
    private static String[] files(Path data) throws IOException {
        try (Stream<Path> all = Files.walk(data)) {
            return all.filter(Files::isRegularFile)
                    .map(Path::toString)
                    .filter(file -> !file.endsWith("lock"))
                    .sorted()
                    .toArray(String[]::new);
        }
    }
}
