package io.mlog.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlog.systemtests.harness.Await;
import io.mlog.systemtests.harness.BrokerProcess;
import io.mlog.systemtests.harness.Commands;
import io.mlog.systemtests.harness.KafkaClients;
import io.mlog.systemtests.harness.KeyedUpdates;
import io.mlog.systemtests.harness.Launch;
import io.mlog.systemtests.harness.ProcStat;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A compacted topic of a real broker that is killed while it compacts, read by real consumers. */
class CompactionTest {
    private static final Duration LIMIT = Duration.ofMinutes(5);
    private static final String TOPIC = "updates";

    @TempDir Path folder;
    private BrokerProcess broker;
    private Path log;
    private double cpuSeconds;
    private long mostRssBytes;

    @BeforeEach
    void prepare() throws IOException {
        broker =
                BrokerProcess.in(folder.resolve("data"))
                        .flag("--compaction-check-interval-ms", "1000");
        log = broker.dataDir().resolve(TOPIC + "-0");
    }

    @AfterEach
    void endBroker() {
        broker.close();
    }

    @Test
    @Timeout(120)
    void theLatestOfEachKeyIsLeftAfterKillsAndNotMuchMore() throws Exception {
        run(60_000, 500, 64 << 10, 2);
    }

    @Test
    @Tag("slow")
    @Timeout(1800)
    void tenMillionUpdatesOfAHundredThousandKeysAndTwentyKills() throws Exception {
        run(10_000_000, 100_000, 4 << 20, 20);
    }

    private void run(int updates, int keys, int segmentBytes, int kills) throws Exception {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        long begun = System.nanoTime();
        broker.start();
        create(segmentBytes);
        KeyedUpdates writer = new KeyedUpdates(TOPIC, keys, 100, seed);
        CompletableFuture<Void> writing =
                CompletableFuture.runAsync(() -> writer.write(broker.address(), updates / 2));
        killWhileItCompacts(kills, new SplittableRandom(seed), writing, writer);
        writing.join();
        writer.write(broker.address(), updates - updates / 2);
        long sizeWritten = sizeBytes();
        double written = (System.nanoTime() - begun) / 1e9;

        set("min.cleanable.dirty.ratio", "0");
        Await.until(
                LIMIT, "everything closed to be compacted", () -> metric("max_dirty_ratio") == 0);
        check(writer.latest());
        writer.writeLatest(broker.address(), "least");
        long least = sizeBytes(broker.dataDir().resolve("least-0"));
        look();
        System.out.printf(
                "%d updates of %d keys with %d kills in %.1f s; %d bytes then, %d when compacted,"
                        + " %d at least; broker: %.1f s of processor, %d MiB; last life compacted"
                        + " %.0f times, read %.0f and wrote %.0f bytes in %.1f s%n",
                updates,
                keys,
                kills,
                written,
                sizeWritten,
                sizeBytes(),
                least,
                cpuSeconds,
                mostRssBytes >> 20,
                metric("runs_total"),
                metric("read_bytes_total"),
                metric("written_bytes_total"),
                metric("seconds_total"));
        // The active segment is never compacted; where keys are few it weighs as much as all of
        // them.
        assertThat(sizeBytes()).isLessThanOrEqualTo(2 * least + segmentBytes);
        assertThat(metric("uncleanable_partitions")).isZero();
        assertThat(broker.stop()).isZero();
        var verified =
                Commands.run(LIMIT, Launch.bin("mlog").with("verify", broker.dataDir().toString()));
        assertThat(verified.exit()).as(verified.toString()).isZero();
    }

    private void create(int segmentBytes) throws Exception {
        try (Admin admin = KafkaClients.admin(broker.address())) {
            admin.createTopics(
                            List.of(
                                    new NewTopic(TOPIC, 1, (short) 1)
                                            .configs(
                                                    Map.of(
                                                            "cleanup.policy",
                                                            "compact",
                                                            "min.cleanable.dirty.ratio",
                                                            "0.3",
                                                            "segment.bytes",
                                                            Integer.toString(segmentBytes)))))
                    .all()
                    .get();
        }
    }

    private void set(String config, String value) throws Exception {
        try (Admin admin = KafkaClients.admin(broker.address())) {
            admin.incrementalAlterConfigs(
                            Map.of(
                                    new ConfigResource(ConfigResource.Type.TOPIC, TOPIC),
                                    List.of(
                                            new AlterConfigOp(
                                                    new ConfigEntry(config, value),
                                                    AlterConfigOp.OpType.SET))))
                    .all()
                    .get();
        }
    }

    /** Each time a moment after a new segment is begun; more is written while that is needed. */
    private void killWhileItCompacts(
            int kills, SplittableRandom random, CompletableFuture<Void> writing, KeyedUpdates more)
            throws Exception {
        for (int i = 0; i < kills; i++) {
            Await.until(
                    LIMIT,
                    "compaction " + i,
                    () -> {
                        if (writing.isDone()) {
                            writing.join();
                            more.write(broker.address(), 20_000);
                        }
                        return isCompacting();
                    });
            Thread.sleep(random.nextInt(40));
            look();
            broker.kill9();
            broker.start();
        }
    }

    private boolean isCompacting() throws IOException {
        try (Stream<Path> files = Files.list(log)) {
            return files.anyMatch(file ->
                    file.toString().endsWith(".cleaned") || file.toString().endsWith(".swap"));
        }
    }

    private void look() throws IOException {
        ProcStat stat = broker.stat();
        cpuSeconds += stat.cpuSeconds();
        mostRssBytes = Math.max(mostRssBytes, stat.rssBytes());
    }

    private double metric(String name) throws Exception {
        String wanted = "mlog_cleaner_" + name + " ";
        return broker.http("/metrics")
                .body()
                .lines()
                .filter(line -> line.startsWith(wanted))
                .mapToDouble(line -> Double.parseDouble(line.substring(wanted.length())))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no metric " + wanted));
    }

    private long sizeBytes() throws IOException {
        return sizeBytes(log);
    }

    private static long sizeBytes(Path directory) throws IOException {
        long bytes = 0;
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.filter(each -> each.toString().endsWith(".log")).toList()) {
                bytes += Files.size(file);
            }
        }
        return bytes;
    }

    /** What the Kafka consumer reads of a key rises and ends with the last update. */
    private void check(int[] latest) {
        int[] found = new int[latest.length];
        TopicPartition partition = new TopicPartition(TOPIC, 0);
        try (KafkaConsumer<byte[], byte[]> consumer =
                KafkaClients.consumer(broker.address(), Map.of())) {
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            long end = consumer.endOffsets(List.of(partition)).getOrDefault(partition, 0L);
            while (consumer.position(partition) < end) {
                for (ConsumerRecord<byte[], byte[]> each : consumer.poll(Duration.ofMillis(500))) {
                    int key = ByteBuffer.wrap(each.key()).getInt();
                    int number = ByteBuffer.wrap(each.value()).getInt();
                    assertThat(number).isGreaterThan(found[key]);
                    found[key] = number;
                }
            }
        }
        for (int key = 0; key < latest.length; key++) {
            if (found[key] != latest[key]) {
                throw new AssertionError(
                        "the last update of key %d is %d, read was %d; %d keys differ"
                                .formatted(
                                        key,
                                        latest[key],
                                        found[key],
                                        Arrays.mismatch(found, latest)));
            }
        }
    }
}
