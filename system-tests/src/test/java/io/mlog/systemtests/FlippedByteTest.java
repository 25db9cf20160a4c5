package io.mlog.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mlog.systemtests.harness.BrokerProcess;
import io.mlog.systemtests.harness.Commands;
import io.mlog.systemtests.harness.JavaKafkaSpeaker;
import io.mlog.systemtests.harness.KafkaClients;
import io.mlog.systemtests.harness.Launch;
import io.mlog.systemtests.harness.Lines;
import io.mlog.systemtests.harness.Ran;
import io.mlog.systemtests.harness.Tools;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.common.KafkaException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** One flipped bit in a closed segment is found by the verifier and never reaches a consumer. */
class FlippedByteTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final int VERIFIED_FLIPS = 4;
    private static final int CONSUMED_FLIPS = 2;

    /** As {@code mlog verify} prints a finding. */
    private static final Pattern FINDING =
            Pattern.compile("(\\S+) at position (\\d+) \\(offset (\\d+)\\): expected .+, found .+");

    @TempDir Path folder;
    private BrokerProcess broker;
    private Path text;
    private SplittableRandom random;

    @BeforeEach
    void writeSeveralSegments() throws Exception {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        random = new SplittableRandom(seed);
        broker = BrokerProcess.in(folder.resolve("data")).flag("--segment-bytes", "100000");
        broker.start();
        text = Lines.writeNonEmpty(folder.resolve("text"), 5_000, 9);
        new JavaKafkaSpeaker().write(broker.address(), "lines", text);
        assertThat(broker.stop()).isZero();
        assertThat(closedSegments()).hasSizeGreaterThan(1);
    }

    @AfterEach
    void endBroker() {
        broker.close();
    }

    @Test
    @Timeout(180)
    void theVerifierNamesFilePositionAndOffset() throws Exception {
        assertThat(verify().exit()).as("a sound directory").isZero();
        for (int i = 0; i < VERIFIED_FLIPS; i++) {
            Flip flip = randomFlip();
            flip.apply();
            Ran ran = verify();
            flip.apply();
            assertThat(ran.exit()).as("%s", flip).isEqualTo(1);
            Matcher finding = FINDING.matcher(ran.out().lines().findFirst().orElse(""));
            assertThat(finding.matches()).as("%s: %s", flip, ran.out()).isTrue();
            assertThat(finding.group(1)).isEqualTo(flip.file().toString());
            flip.isInTheBatch(Long.parseLong(finding.group(2)), Long.parseLong(finding.group(3)));
        }
        assertThat(verify().exit()).as("after all was mended").isZero();
    }

    @Test
    @Timeout(180)
    void consumersGetAnErrorAndNeverTheWrongBytes() throws Exception {
        for (int i = 0; i < CONSUMED_FLIPS; i++) {
            Flip flip = randomFlip();
            System.out.println(flip);
            flip.apply();
            broker.start();
            mlogConsumerFails(i);
            kafkaConsumerFails();
            kcatFails();
            broker.kill9();
            flip.apply();
        }
    }

    private void mlogConsumerFails(int round) throws Exception {
        Path back = folder.resolve("back-" + round);
        Ran ran =
                Commands.run(
                        LIMIT,
                        Launch.bin(
                                        "consumer",
                                        "connect",
                                        "--addrs",
                                        broker.address(),
                                        "--topic",
                                        "lines",
                                        "--id",
                                        "reader-" + round,
                                        "--from-beginning",
                                        "--max",
                                        "5000")
                                .to(back));
        assertThat(ran.exit()).isEqualTo(1);
        assertThat(ran.err()).contains("is damaged and not served");
        isABeginning(back);
    }

    private void kafkaConsumerFails() throws IOException {
        List<String> good = Files.readAllLines(text);
        List<String> read = new ArrayList<>();
        assertThatThrownBy(() ->
                        KafkaClients.readAll(
                                broker.address(),
                                "lines",
                                value -> read.add(new String(value, StandardCharsets.UTF_8))))
                .isInstanceOf(KafkaException.class);
        assertThat(read).hasSizeLessThan(good.size()).isEqualTo(good.subList(0, read.size()));
    }

    /**
     * It checks no checksums itself, so the broker must not send what it should have found wrong.
     */
    private void kcatFails() throws Exception {
        Tools.requireOrSkip("kcat");
        Path back = folder.resolve("back-of-kcat");
        Ran ran =
                Commands.run(
                        LIMIT,
                        Launch.of("kcat", "-C", "-b", broker.address(), "-t", "lines")
                                .with("-p", "0", "-o", "beginning", "-e", "-q")
                                .to(back));
        assertThat(ran.exit()).isEqualTo(1);
        assertThat(ran.err()).contains("Invalid message");
        isABeginning(back);
    }

    private void isABeginning(Path back) throws IOException {
        byte[] good = Files.readAllBytes(text);
        byte[] read = Files.readAllBytes(back);
        assertThat(read.length).isLessThan(good.length);
        assertThat(read).isEqualTo(Arrays.copyOf(good, read.length));
    }

    private Ran verify() throws Exception {
        return Commands.run(LIMIT, Launch.bin("mlog", "verify", broker.dataDir().toString()));
    }

    private List<Path> closedSegments() throws IOException {
        try (var files = Files.list(broker.dataDir().resolve("lines-0"))) {
            List<Path> logs =
                    files.filter(file -> file.toString().endsWith(".log")).sorted().toList();
            return logs.subList(0, logs.size() - 1);
        }
    }

    private Flip randomFlip() throws IOException {
        List<Path> segments = closedSegments();
        Path file = segments.get(random.nextInt(segments.size()));
        return new Flip(file, random.nextLong(Files.size(file)), 1 << random.nextInt(8));
    }

    /** Flipping twice mends. */
    private record Flip(Path file, long position, int bit) {
        void apply() throws IOException {
            try (RandomAccessFile access = new RandomAccessFile(file.toFile(), "rw")) {
                access.seek(position);
                int had = access.read();
                access.seek(position);
                access.write(had ^ bit);
            }
        }

        /** Checks that a batch of the mended file is what was named, and that the flip hit it. */
        void isInTheBatch(long start, long baseOffset) throws IOException {
            try (RandomAccessFile access = new RandomAccessFile(file.toFile(), "r")) {
                access.seek(start);
                assertThat(access.readLong()).as("%s", this).isEqualTo(baseOffset);
                assertThat(position).isBetween(start, start + 11 + access.readInt());
            }
        }
    }
}
