package io.mlog.broker.replica;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.mlog.broker.metrics.Metrics;
import io.mlog.broker.net.Eventually;
import io.mlog.broker.net.Leaks;
import io.mlog.broker.partition.Partition;
import io.mlog.broker.partition.ReplicaMetrics;
import io.mlog.core.metadata.PartitionImage;
import io.mlog.core.replication.HighWatermark.Durability;
import io.mlog.model.Acks;
import io.mlog.model.ErrorCode;
import io.mlog.model.TopicPartition;
import io.mlog.services.FetchCommand;
import io.mlog.services.PartitionFetched;
import io.mlog.services.PartitionProduced;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * Three brokers' partitions, fetchers and sessions over real sockets and disks. Long polls wait for
 * half a minute here, longer than any test: whatever had to wait for the end of one would fail.
 */
@ExtendWith(Leaks.class)
final class ReplicationOnSocketsTest {
    private static final int LONG_POLL_MS = 30_000;

    /** A follower is heard of often, for tests in which it has to be. */
    private static final int SHORT_POLL_MS = 50;

    private final Path root;
    private TestCluster cluster;

    ReplicationOnSocketsTest(@TempDir Path root) throws IOException {
        this.root = root;
        this.cluster = new TestCluster(root, Durability.GROUP, LONG_POLL_MS);
    }

    @AfterEach
    void close() {
        cluster.close();
    }

    @Test
    void whatIsAcknowledgedIsOnEveryDisk() throws Exception {
        cluster.create("orders", 1, 1);
        for (int i = 0; i < 100; i++) {
            PartitionProduced told = cluster.produced(1, Acks.ALL, "orders", "record " + i);
            assertThat(told.error()).isEqualTo(ErrorCode.NONE);
            assertThat(told.baseOffset()).isEqualTo(i);
            for (int broker : TestCluster.ALL) {
                assertThat(cluster.broker(broker).partition("orders", 0).log().flushedOffset())
                        .as("flushed on broker %d", broker)
                        .isGreaterThan(i);
            }
        }
        assertThat(cluster.log(2, "orders", 0, 100)).isEqualTo(cluster.log(1, "orders", 0, 100));
        assertThat(cluster.log(3, "orders", 0, 100)).isEqualTo(cluster.log(1, "orders", 0, 100));
    }

    @Test
    void withoutFsyncItIsInEveryLog() throws Exception {
        cluster.close();
        cluster = new TestCluster(root.resolve("os"), Durability.OS, LONG_POLL_MS);
        cluster.create("orders", 1, 1);
        for (int i = 0; i < 100; i++) {
            cluster.produced(1, Acks.ALL, "orders", "record " + i);
            for (int broker : TestCluster.ALL) {
                assertThat(logEnd(broker)).isGreaterThan(i);
            }
        }
    }

    @Test
    void manyAtATimeShareTheRoundTrips() throws Exception {
        cluster.create("orders", 1, 1);
        cluster.produced(1, Acks.ALL, "orders", "first");
        long before = cluster.broker(2).stats.requests();
        List<CompletableFuture<PartitionProduced>> answers = new ArrayList<>();
        for (int i = 0; i < 2000; i++) {
            answers.add(cluster.produce(1, Acks.ALL, "orders", 0, "record " + i));
        }
        for (CompletableFuture<PartitionProduced> each : answers) {
            assertThat(each.get(30, TimeUnit.SECONDS).error()).isEqualTo(ErrorCode.NONE);
        }
        assertThat(cluster.broker(2).stats.requests() - before).isLessThan(1000);
    }

    @Test
    void aPartitionThatIsNewIsFollowedWhileTheOthersRequestWaits() throws Exception {
        cluster.create("orders", 1, 1);
        cluster.produced(1, Acks.ALL, "orders", "one");
        cluster.create("payments", 1, 1);
        assertThat(cluster.produced(1, Acks.ALL, "payments", "one").error())
                .isEqualTo(ErrorCode.NONE);
        cluster.produced(1, Acks.ALL, "orders", "two");
        cluster.produced(1, Acks.ALL, "payments", "two");
    }

    @Test
    void everyLeaderIsFollowed() throws Exception {
        cluster.create("orders", 30, index -> 1 + index % 3);
        List<CompletableFuture<PartitionProduced>> answers = new ArrayList<>();
        for (int round = 0; round < 20; round++) {
            for (int i = 0; i < 30; i++) {
                answers.add(cluster.produce(1 + i % 3, Acks.ALL, "orders", i, "record " + i));
            }
        }
        for (CompletableFuture<PartitionProduced> each : answers) {
            assertThat(each.get(30, TimeUnit.SECONDS).error()).isEqualTo(ErrorCode.NONE);
        }
        for (int i = 0; i < 30; i++) {
            byte[] leaders = cluster.log(1 + i % 3, "orders", i, 20);
            for (int broker : TestCluster.ALL) {
                assertThat(cluster.log(broker, "orders", i, 20)).isEqualTo(leaders);
            }
        }
    }

    @Test
    void aFollowerServesWhatIsCommittedWithoutFurtherRecords() throws Exception {
        cluster.create("orders", 1, 1);
        cluster.produced(1, Acks.ALL, "orders", "one", "two", "three");
        Partition follower = cluster.broker(2).partition("orders", 0);
        Eventually.holds("the high watermark is told", () -> follower.highWatermark() == 3);

        PartitionFetched read = read(2, true);
        assertThat(read.error()).isEqualTo(ErrorCode.NONE);
        assertThat(read.highWatermark()).isEqualTo(3);
        assertThat(read.records().sizeBytes()).isPositive();
        read.records().release();
        assertThat(read(2, false).error()).isEqualTo(ErrorCode.NOT_LEADER);
    }

    @Test
    void aFollowerWaitsForTheHighWatermarkLikeAnyoneElse() throws Exception {
        cluster.create("orders", 1, 1);
        cluster.produced(1, Acks.ALL, "orders", "one");
        CompletableFuture<PartitionFetched> waiting = new CompletableFuture<>();
        cluster.broker(3)
                .records
                .fetch(command(true, 1, 20_000), fetched -> waiting.complete(fetched.getFirst()));
        cluster.produced(1, Acks.ALL, "orders", "two");
        PartitionFetched read = waiting.get(30, TimeUnit.SECONDS);
        assertThat(read.records().sizeBytes()).isPositive();
        read.records().release();
    }

    @Test
    void whatOnlyTheOldLeaderHasIsCutAwayAndTheLogsAgree() throws Exception {
        cluster.create("orders", 1, 1);
        cluster.produced(1, Acks.ALL, "orders", "common");
        cluster.broker(1).goSilent();
        for (int i = 0; i < 5; i++) {
            cluster.produced(1, Acks.LEADER, "orders", "of the old leader " + i);
        }
        assertThat(logEnd(1)).isEqualTo(6);

        cluster.elect("orders", 0, 2);
        cluster.fence("orders", 0, 1);
        Partition second = cluster.broker(2).partition("orders", 0);
        Eventually.holds("broker 2 leads", () -> second.position().isEmpty());
        PartitionProduced next = cluster.produced(2, Acks.ALL, "orders", "of the new leader");
        assertThat(next.baseOffset()).isEqualTo(1);
        assertThat(logEnd(1)).as("it hears nothing").isEqualTo(6);

        cluster.comeBack(1);
        Eventually.holds("broker 1 follows", () -> logEnd(1) == 2);
        Eventually.holds("it is in sync", () -> isr("orders").contains(1));
        cluster.produced(2, Acks.ALL, "orders", "of all");
        assertThat(cluster.log(1, "orders", 0, 3)).isEqualTo(cluster.log(2, "orders", 0, 3));
        assertThat(cluster.log(3, "orders", 0, 3)).isEqualTo(cluster.log(2, "orders", 0, 3));
    }

    @Test
    void theLeadPassesOnWithoutALoss() throws Exception {
        cluster.create("orders", 1, 1);
        long offset = 0;
        for (int round = 0; round < 20; round++) {
            int leader = 1 + round % 3;
            cluster.elect("orders", 0, leader);
            Eventually.holds("broker " + leader + " leads", () -> accepts(leader));
            for (int i = 0; i < 5; i++) {
                PartitionProduced told =
                        cluster.produced(leader, Acks.ALL, "orders", "record of " + round);
                assertThat(told.error()).isEqualTo(ErrorCode.NONE);
                assertThat(told.baseOffset()).isEqualTo(offset++ + round + 1);
            }
        }
    }

    @Test
    void aLeaderThatIsGoneIsAHintToItsFollowers() throws Exception {
        cluster.create("orders", 1, 1);
        cluster.produced(1, Acks.ALL, "orders", "one");
        cluster.broker(1).goSilent();
        Eventually.holds("broker 2 has a hint", () -> cluster.broker(2).hints.contains(1));
        Eventually.holds("broker 3 has a hint", () -> cluster.broker(3).hints.contains(1));
    }

    @Test
    void aFollowerThatIsGoneLeavesAndAcknowledgementsGoOn() throws Exception {
        cluster.close();
        cluster = new TestCluster(root.resolve("short"), Durability.GROUP, SHORT_POLL_MS);
        cluster.create("orders", 1, 1);
        cluster.produced(1, Acks.ALL, "orders", "one");
        cluster.broker(3).goSilent();
        CompletableFuture<PartitionProduced> told =
                cluster.produce(1, Acks.ALL, "orders", 0, "two");
        assertThat(told).isNotDone();
        cluster.passUntilOut("orders", 3);
        assertThat(told.get(30, TimeUnit.SECONDS).error()).isEqualTo(ErrorCode.NONE);
        assertThat(isr("orders")).containsExactly(1, 2);
    }

    @Test
    void aScrapeShowsWhoIsBehindAtTheLeaderOnly() throws Exception {
        cluster.close();
        cluster = new TestCluster(root.resolve("scrape"), Durability.GROUP, SHORT_POLL_MS);
        cluster.create("orders", 1, 1);
        cluster.produced(1, Acks.ALL, "orders", "one");
        cluster.broker(3).goSilent();
        CompletableFuture<PartitionProduced> told =
                cluster.produce(1, Acks.ALL, "orders", 0, "two", "three");
        cluster.passUntilOut("orders", 3);
        assertThat(told.get(30, TimeUnit.SECONDS).error()).isEqualTo(ErrorCode.NONE);

        assertThat(scrape(1))
                .contains("mlog_led_partitions 1.0")
                .contains("mlog_isr_size{partition=\"0\",topic=\"orders\"} 2.0")
                .contains("mlog_under_replicated_partitions 1.0")
                .contains("mlog_under_min_isr_partitions 0.0")
                .contains(lag(2, 0))
                .contains(lag(3, 2));
        assertThat(scrape(2)).contains("mlog_led_partitions 0.0").doesNotContain("mlog_isr_size");
    }

    private String scrape(int broker) {
        Metrics metrics = new Metrics();
        metrics.add(new ReplicaMetrics(cluster.broker(broker).hosted));
        return new String(metrics.scrape(), UTF_8);
    }

    private static String lag(int replica, int records) {
        return "mlog_replica_lag_records{partition=\"0\",replica=\"%d\",topic=\"orders\"} %d.0"
                .formatted(replica, records);
    }

    private boolean accepts(int leader) {
        try {
            return cluster.produced(leader, Acks.LEADER, "orders", "a try").error()
                    == ErrorCode.NONE;
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private long logEnd(int broker) {
        return cluster.broker(broker).partition("orders", 0).log().logEndOffset();
    }

    private List<Integer> isr(String topic) {
        PartitionImage image = cluster.image(topic, 0);
        return image.isr();
    }

    private PartitionFetched read(int broker, boolean allowFollower) throws Exception {
        CompletableFuture<PartitionFetched> answer = new CompletableFuture<>();
        cluster.broker(broker)
                .records
                .fetch(
                        command(allowFollower, 0, 0),
                        fetched -> answer.complete(fetched.getFirst()));
        return answer.get(30, TimeUnit.SECONDS);
    }

    private static FetchCommand command(boolean allowFollower, long offset, int maxWaitMs) {
        return new FetchCommand(
                allowFollower,
                maxWaitMs,
                1,
                1 << 20,
                List.of(
                        FetchCommand.PartitionFetch.ofConsumer(
                                new TopicPartition("orders", 0),
                                offset,
                                1 << 20,
                                FetchCommand.NO_EPOCH)));
    }
}
