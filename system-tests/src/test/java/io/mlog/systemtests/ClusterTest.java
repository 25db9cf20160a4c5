package io.mlog.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlog.systemtests.harness.Await;
import io.mlog.systemtests.harness.BrokerProcess;
import io.mlog.systemtests.harness.ClusterProcesses;
import io.mlog.systemtests.harness.Commands;
import io.mlog.systemtests.harness.KafkaClients;
import io.mlog.systemtests.harness.Launch;
import io.mlog.systemtests.harness.Lines;
import io.mlog.systemtests.harness.Ran;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Three brokers as one cluster, real processes: what the README and the promises say of it. */
@Timeout(300)
class ClusterTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final TopicPartition ORDERS = new TopicPartition("orders", 0);

    @TempDir private Path folder;
    private ClusterProcesses cluster;

    @BeforeEach
    void startCluster() throws Exception {
        cluster = ClusterProcesses.in(folder, 3);
        cluster.start();
    }

    @AfterEach
    void endCluster() {
        cluster.close();
    }

    @Test
    void aFollowerServesWhatTheLeaderWasGiven() throws Exception {
        createTopic("orders");
        int leader = cluster.leader(1, "orders");
        int follower = leader % 3 + 1;
        Path lines = produce(5_000);

        // One that fell behind meanwhile is not read from by those nearby.
        cluster.awaitInSync(leader, "orders", 3);

        BrokerProcess copy = cluster.node(follower);
        Path read = folder.resolve("read");
        run(
                Launch.bin("consumer", "connect", "--addrs", copy.address())
                        .with("--topic", "orders", "--id", "test", "--from-beginning")
                        .with("--max", "5000")
                        .to(read));

        assertThat(read).hasSameBinaryContentAs(lines);
        assertThat(cluster.leader(follower, "orders")).isEqualTo(leader);
        assertThat(copy.http("/metrics").body())
                .contains(
                        "mlog_follower_read_records_total 5000",
                        "mlog_follower_read_bytes_total 0");

        List<byte[]> nearby =
                KafkaClients.readAll(cluster.addresses(), "orders", "rack-" + follower);
        assertThat(nearby).hasSize(5_000);
        assertThat(followerReadBytes(copy)).isGreaterThan((double) Files.size(lines));
        assertThat(followerReadBytes(cluster.node(leader))).isZero();
    }

    private static double followerReadBytes(BrokerProcess broker) throws Exception {
        return broker.http("/metrics")
                .body()
                .lines()
                .filter(line -> line.startsWith("mlog_follower_read_bytes_total "))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.indexOf(' '))))
                .sum();
    }

    @Test
    void aNodeThatIsKilledShowsAsFailedAndComesBack() throws Exception {
        cluster.node(3).kill9();
        Await.until(
                Duration.ofSeconds(20),
                "node-3 shows as failed",
                () -> cluster.describe(1).contains("\"failed\""));
        cluster.node(3).start();
        Await.until(LIMIT, "all are up", () -> !cluster.describe(1).contains("\"failed\""));
    }

    @Test
    void allKilledAtOnceComeBackWithEverythingAcknowledged() throws Exception {
        createTopic("orders");
        Path lines = produce(5_000);
        OffsetAndMetadata place = readSome();
        for (int node = 1; node <= 3; node++) {
            cluster.node(node).kill9();
        }
        cluster.startAgain();

        assertThat(consume(5_000)).hasSameBinaryContentAs(lines);
        cluster.awaitInSync(1, "orders", 3);
        goOnAt(place);
    }

    @Test
    void aNodeThatLostItsDiskComesBackUnderItsNameAndCatchesUp() throws Exception {
        createTopic("orders");
        Path lines = produce(5_000);
        BrokerProcess wiped = cluster.node(3);
        wiped.kill9();
        wipe(wiped.dataDir());
        wiped.start();

        cluster.awaitInSync(1, "orders", 3);
        cluster.awaitAllVote();
        assertThat(cluster.describe(1)).contains("\"id\":\"node-3\"");
        assertThat(consume(5_000)).hasSameBinaryContentAs(lines);
    }

    /** A place in the topic orders, with the leader epoch it was read in. */
    private OffsetAndMetadata readSome() {
        try (KafkaConsumer<byte[], byte[]> consumer =
                KafkaClients.consumer(cluster.addresses(), Map.of("max.poll.records", 2_000))) {
            consumer.assign(List.of(ORDERS));
            consumer.seekToBeginning(List.of(ORDERS));
            ConsumerRecords<byte[], byte[]> read = ConsumerRecords.empty();
            long deadline = System.nanoTime() + LIMIT.toNanos();
            while (read.isEmpty() && System.nanoTime() < deadline) {
                read = consumer.poll(Duration.ofSeconds(1));
            }
            ConsumerRecord<byte[], byte[]> last = read.records(ORDERS).getLast();
            assertThat(last.leaderEpoch()).isPresent();
            return new OffsetAndMetadata(last.offset() + 1, last.leaderEpoch(), "");
        }
    }

    /**
     * A consumer that comes back to its place asks the new leader whether the epoch got that far
     * (KIP-320), and would fail here if it were told to go anywhere else. Which node that is may
     * change while it asks: leadership goes back to the preferred replica.
     */
    private void goOnAt(OffsetAndMetadata place) throws Exception {
        try (KafkaConsumer<byte[], byte[]> consumer =
                KafkaClients.consumer(cluster.addresses(), Map.of("auto.offset.reset", "none"))) {
            consumer.assign(List.of(ORDERS));
            consumer.seek(ORDERS, place);
            Await.until(
                    LIMIT,
                    "the consumer reads to the end from offset " + place.offset(),
                    () -> {
                        consumer.poll(Duration.ofMillis(500))
                                .forEach(record ->
                                        assertThat(record.offset())
                                                .isGreaterThanOrEqualTo(place.offset()));
                        return consumer.position(ORDERS) == 5_000;
                    });
        }
        StringBuilder metrics = new StringBuilder();
        for (int node = 1; node <= 3; node++) {
            metrics.append(cluster.node(node).http("/metrics").body());
        }
        assertThat(metrics)
                .containsPattern(
                        "mlog_request_seconds_count\\{kind=\"OffsetForLeaderEpoch\"[^}]*} [1-9]");
    }

    private static void wipe(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    /** Writes lines to the topic orders, all acknowledged by all. */
    private Path produce(int count) throws Exception {
        Path lines = Lines.writeNonEmpty(folder.resolve("lines"), count, 1);
        run(
                Launch.bin("producer", "connect", "--addrs", cluster.addresses())
                        .with("--topic", "orders", "--acks", "all")
                        .from(lines));
        return lines;
    }

    /** Reads the topic orders from its start. */
    private Path consume(int count) throws Exception {
        Path read = folder.resolve("read");
        run(
                Launch.bin("consumer", "connect", "--addrs", cluster.addresses())
                        .with("--topic", "orders", "--id", "reader", "--from-beginning")
                        .with("--max", Integer.toString(count))
                        .to(read));
        return read;
    }

    private void createTopic(String topic) throws Exception {
        run(
                Launch.bin("topic", "create", "--addrs", cluster.addresses())
                        .with("--topic", topic, "--replicas", "3"));
    }

    private static Ran run(Launch launch) throws Exception {
        return Commands.run(LIMIT, launch).ok();
    }
}
