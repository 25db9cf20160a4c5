package io.mlog.systemtests.groups;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlog.systemtests.harness.Await;
import io.mlog.systemtests.harness.ClusterProcesses;
import io.mlog.systemtests.harness.Commands;
import io.mlog.systemtests.harness.KafkaClients;
import io.mlog.systemtests.harness.Launch;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code mlog why} names the cause of a trouble that was planted. */
class WhyTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final int NODES = 3;

    @TempDir private Path folder;
    private ClusterProcesses cluster;

    @BeforeEach
    void startCluster() throws Exception {
        cluster = ClusterProcesses.in(folder, NODES);
        for (int node = 1; node <= NODES; node++) {
            // It leaves the replicas in sync when its broker counts as gone, and not before.
            cluster.node(node).flag("--isr-lag-time", "30000");
        }
        cluster.start();
    }

    @AfterEach
    void endCluster() {
        cluster.close();
    }

    @Test
    @Timeout(240)
    void thePlantedCausesAreNamed() throws Exception {
        create("copied", NODES);
        create("read", NODES);
        aMemberThatDoesNotPoll();
        aFollowerThatHoldsTheHighWatermarkBack();
        aTopicWhoseLeaderIsGone();
    }

    private void aMemberThatDoesNotPoll() throws Exception {
        write("read", 1, "all");
        try (KafkaConsumer<byte[], byte[]> lazy =
                KafkaClients.consumer(
                        cluster.addresses(),
                        Map.of(
                                "group.id", "billing",
                                "client.id", "lazy",
                                "group.protocol", "consumer",
                                "auto.offset.reset", "earliest"))) {
            lazy.subscribe(List.of("read"));
            Await.until(LIMIT, "a record", () -> !lazy.poll(Duration.ofMillis(100)).isEmpty());
            lazy.commitSync();
            write("read", 5, "all");
            awaitWhy(
                    List.of("group", "billing"),
                    "a group of the new (KIP-848) protocol, Stable",
                    "It is 5 records behind.",
                    "lazy at ",
                    "although it gives signs of life: it does not poll",
                    " joined");
        }
        awaitWhy(List.of("group", "billing"), "It has no members", "no member reads it", " left");
    }

    private void aFollowerThatHoldsTheHighWatermarkBack() throws Exception {
        int leader = cluster.leader(1, "copied");
        int follower = leader % NODES + 1;
        try {
            try (KafkaProducer<byte[], byte[]> producer = producer("1")) {
                // It must know the leader before: whom it asks is left to chance.
                producer.partitionsFor("copied");
                cluster.node(follower).process().signal("STOP");
                write(producer, "copied", 10);
            }
            // This is so for the six seconds in which the follower is not given up: no time to
            // lose.
            awaitWhy(
                    cluster.node(leader).address(),
                    List.of("partition", "copied-0"),
                    "copied-0 is led by node-" + leader,
                    "10 records above it are not committed yet",
                    "node-"
                            + follower
                            + " holds it back: it counts as in sync, but lacks 10 records");
            // The one that is asked first is the one that is stopped.
            awaitWhy(
                    cluster.node(follower).address() + "," + cluster.addresses(),
                    List.of("partition", "copied-0"),
                    "node-" + follower + " is not in sync: its broker is ",
                    "All 10 records up to offset 10 are committed");
        } finally {
            cluster.node(follower).process().signal("CONT");
        }
        cluster.awaitInSync(leader, "copied", NODES);
    }

    private void aTopicWhoseLeaderIsGone() throws Exception {
        create("alone", 1);
        int leader = cluster.leader(1, "alone");
        cluster.node(leader).kill9();
        awaitWhy(
                List.of("topic", "alone"),
                "1 partition without a leader",
                "alone-0 has no leader",
                "node-" + leader + " (failed)",
                "What to do: start node-" + leader + " again");
        cluster.startAgain(List.of(leader));
        awaitWhy(List.of("topic", "alone"), "every one has its leader and all replicas in sync");
    }

    /** Asks until the answer has all of that. */
    private void awaitWhy(List<String> about, String... parts) {
        awaitWhy(cluster.addresses(), about, parts);
    }

    private static void awaitWhy(String addresses, List<String> about, String... parts) {
        String[] said = {""};
        Launch why =
                Launch.bin("mlog", "why", "--addrs", addresses).with(about.toArray(String[]::new));
        Await.until(
                LIMIT,
                "why to say " + List.of(parts),
                () -> {
                    said[0] = Commands.run(LIMIT, why).ok().out();
                    for (String part : parts) {
                        if (!said[0].contains(part)) {
                            throw new IllegalStateException(
                                    "'" + part + "' is not in:\n" + said[0]);
                        }
                    }
                    return true;
                });
        assertThat(said[0]).contains(parts);
        System.out.printf("%s%n", said[0]);
    }

    private void create(String topic, int replicas) throws Exception {
        try (Admin admin = KafkaClients.admin(cluster.addresses())) {
            admin.createTopics(List.of(new NewTopic(topic, 1, (short) replicas))).all().get();
        }
    }

    private void write(String topic, int count, String acks) throws Exception {
        try (KafkaProducer<byte[], byte[]> producer = producer(acks)) {
            write(producer, topic, count);
        }
    }

    private KafkaProducer<byte[], byte[]> producer(String acks) {
        return KafkaClients.producer(
                cluster.addresses(),
                Map.of("acks", acks, "enable.idempotence", acks.equals("all")));
    }

    private static void write(KafkaProducer<byte[], byte[]> producer, String topic, int count)
            throws Exception {
        for (int i = 0; i < count; i++) {
            producer.send(new ProducerRecord<>(topic, new byte[] {1})).get();
        }
    }
}
