package io.mlog.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlog.systemtests.harness.BrokerProcess;
import io.mlog.systemtests.harness.KafkaClients;
import io.mlog.systemtests.harness.KillScenario;
import io.mlog.systemtests.harness.Stopwatch;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.SplittableRandom;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code kill -9} loses nothing that was acknowledged, and the broker is soon back. */
class KillNineTest {
    private static final long GIB = 1L << 30;

    @TempDir Path folder;
    private BrokerProcess broker;

    @BeforeEach
    void prepare() throws Exception {
        broker = BrokerProcess.in(folder.resolve("data"));
    }

    @AfterEach
    void endBroker() {
        broker.close();
    }

    @Test
    @Timeout(180)
    void acknowledgedRecordsAreThereOnceAndInOrderAfterTwoKills() throws Exception {
        broker.start();
        killOften(2);
    }

    @Test
    @Tag("slow")
    @Timeout(420)
    void acknowledgedRecordsAreThereOnceAndInOrderAfterTenKills() throws Exception {
        broker.start();
        killOften(10);
    }

    @Test
    @Timeout(180)
    void aKillWhileSegmentsRollLosesNothing() throws Exception {
        broker.flag("--segment-bytes", "65536").start();
        killOften(1);
    }

    @Test
    @Tag("slow")
    @Timeout(420)
    void tenKillsWhileSegmentsRollLoseNothing() throws Exception {
        broker.flag("--segment-bytes", "65536").start();
        killOften(10);
    }

    private void killOften(int kills) throws Exception {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        new KillScenario(broker, new SplittableRandom(seed)).run(kills);
    }

    @Test
    @Tag("slow")
    @Timeout(300)
    void aGibibyteInItsLogIsReadyInTwoSecondsAfterAKill() throws Exception {
        broker.start();
        fill("big", GIB);
        assertThat(Files.size(broker.dataDir().resolve("big-0/00000000000000000000.log")))
                .isGreaterThan(GIB * 9 / 10);
        broker.kill9();
        Stopwatch watch = Stopwatch.started();
        Duration ready = broker.start();
        Duration undisturbed = watch.undisturbed();
        System.out.printf(
                "ready %d ms after a kill with 1 GiB in the log, on an idle machine %d ms%n",
                ready.toMillis(), undisturbed.toMillis());
        assertThat(undisturbed).isLessThanOrEqualTo(Duration.ofSeconds(2));
    }

    private void fill(String topic, long bytes) {
        byte[] value = new byte[100_000];
        new SplittableRandom(1).nextBytes(value);
        try (var producer =
                KafkaClients.producer(broker.address(), Map.of("batch.size", 1_000_000))) {
            for (long sent = 0; sent < bytes; sent += value.length) {
                producer.send(new ProducerRecord<>(topic, 0, null, value));
            }
        }
    }
}
