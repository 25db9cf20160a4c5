package io.mlog.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlog.systemtests.harness.Await;
import io.mlog.systemtests.harness.BrokerProcess;
import io.mlog.systemtests.harness.Child;
import io.mlog.systemtests.harness.ClusterProcesses;
import io.mlog.systemtests.harness.Commands;
import io.mlog.systemtests.harness.KafkaClients;
import io.mlog.systemtests.harness.KafkaSink;
import io.mlog.systemtests.harness.Launch;
import io.mlog.systemtests.harness.MlogSink;
import io.mlog.systemtests.harness.NumberWriter;
import io.mlog.systemtests.harness.Ran;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Nodes that join and leave a cluster at run time, while two clients write at acks=all. */
@Timeout(300)
@Tag("slow")
class ChangingClusterTest {
    private static final Duration LIMIT = Duration.ofSeconds(90);

    /**
     * Far above what is seen, about a second, since two clients, six processes and whatever else
     * the machine does share it; the figures are printed.
     */
    private static final long LONGEST_GAP_MS = 10_000;

    private static final int PER_SECOND = 2_000;

    @TempDir private Path folder;
    private ClusterProcesses cluster;

    @BeforeEach
    void startCluster() throws Exception {
        cluster = ClusterProcesses.in(folder, 3);
        cluster.start();
        createTopic("by-kafka");
        createTopic("by-mlog");
    }

    @AfterEach
    void endCluster() {
        cluster.close();
    }

    @Test
    void aNodeTakesTheReplicasOfOneThatLeaves() throws Exception {
        try (NumberWriter kafka = kafka();
                NumberWriter mlog = mlog()) {
            goOn(kafka, mlog);
            cluster.join(folder);

            run("topic", "reassign", "--topic", "by-kafka", "--to", "node-4,node-2,node-3").ok();
            assertThat(leave("node-1").out()).contains("node-1 has left the cluster");
            assertEnds(cluster.node(1));
            assertGone("node-1", 2);
            goOn(kafka, mlog);

            finish(kafka, mlog);
        }
        assertDoesNotComeBack(cluster.node(1), "node-1");
    }

    @Test
    void aNodeThatIsNeededIsNotLetGo() throws Exception {
        Ran refused = run("cluster", "leave", "--node", "node-2");

        assertThat(refused.exit()).isEqualTo(1);
        assertThat(refused.err())
                .contains("has 3 replicas", "no other live broker", "add a node")
                .hasLineCount(1);
        assertThat(cluster.node(2).http("/safe-to-stop").body()).isEqualTo("yes\n");

        cluster.node(3).kill9();
        Await.until(
                LIMIT,
                "node-3 is missed",
                () -> cluster.node(2).http("/safe-to-stop").statusCode() == 503);
        assertThat(cluster.node(2).http("/safe-to-stop").body())
                .contains("1 of 3 voters left", "2 partitions would refuse acks=all");
        Ran smaller = run("cluster", "leave", "--node", "node-3", "--fewer-replicas").ok();
        assertThat(smaller.out()).contains("node-3 has left the cluster");
        assertGone("node-3", 1);
    }

    @Test
    @Tag("slow")
    @Timeout(900)
    void twoNodesJoinTakeReplicasAndLeaveAgainOneOfThemDead() throws Exception {
        try (NumberWriter kafka = kafka();
                NumberWriter mlog = mlog()) {
            goOn(kafka, mlog);
            cluster.join(folder);
            cluster.join(folder);
            cluster.awaitAllVote();
            for (String topic : new String[] {"by-kafka", "by-mlog"}) {
                run("topic", "reassign", "--topic", topic, "--to", "node-4,node-5,node-1").ok();
                awaitMoved(topic);
                goOn(kafka, mlog);
            }

            cluster.node(5).kill9();
            assertThat(leave("node-5").out()).contains("node-5 has left the cluster");
            assertGone("node-5", 2);
            goOn(kafka, mlog);

            leave("node-4");
            assertEnds(cluster.node(4));
            assertGone("node-4", 2);
            goOn(kafka, mlog);
            assertThat(cluster.describe(1))
                    .contains("\"voters\":[\"node-1\",\"node-2\",\"node-3\"]");

            finish(kafka, mlog);
        }
        assertDoesNotComeBack(cluster.node(5), "node-5");
    }

    private NumberWriter kafka() {
        return new NumberWriter(
                "kafka", new KafkaSink(cluster.addresses(), "by-kafka"), PER_SECOND);
    }

    private NumberWriter mlog() {
        return new NumberWriter("mlog", new MlogSink(cluster.addresses(), "by-mlog"), PER_SECOND);
    }

    /** Both clients get on. */
    private static void goOn(NumberWriter... writers) {
        for (NumberWriter writer : writers) {
            // More than may be under way, so that some were sent since.
            writer.awaitAcknowledged(LIMIT, writer.acknowledgedCount() + 2_001);
        }
    }

    private void finish(NumberWriter kafka, NumberWriter mlog) throws Exception {
        long all = kafka.finish() + mlog.finish();
        long kafkaGapMs = kafka.longestGapMs();
        long mlogGapMs = mlog.longestGapMs();
        System.out.printf(
                "%,d acknowledged records; longest time without one: %d ms (Kafka's client), %d ms (ours)%n",
                all, kafkaGapMs, mlogGapMs);
        String live = cluster.node(2).address();
        kafka.checkAgainst(KafkaClients.readAll(live, "by-kafka"));
        mlog.checkAgainst(KafkaClients.readAll(live, "by-mlog"));
        assertThat(kafkaGapMs).isLessThan(LONGEST_GAP_MS);
        assertThat(mlogGapMs).isLessThan(LONGEST_GAP_MS);
    }

    private void awaitMoved(String topic) throws Exception {
        Await.until(
                LIMIT,
                topic + " has moved",
                () -> run("topic", "reassignments").out().contains("no partition is moving"));
        assertThat(cluster.describeTopic(2, topic))
                .contains("\"replicas\":[\"node-4\",\"node-5\",\"node-1\"]");
    }

    private Ran leave(String node) throws Exception {
        return run("cluster", "leave", "--node", node, "--timeout", "90").ok();
    }

    /** The process of a node that has left. */
    private static void assertEnds(BrokerProcess broker) throws Exception {
        Child process = broker.process();
        assertThat(process.awaitExit(LIMIT)).as(process.output()).isZero();
        assertThat(process.output()).contains("has left cluster").doesNotContain("ERROR");
    }

    private void assertGone(String node, int asKnownBy) {
        Await.until(
                LIMIT,
                node + " is gone",
                () -> !cluster.describe(asKnownBy).contains('"' + node + '"'));
    }

    private static void assertDoesNotComeBack(BrokerProcess broker, String node) throws Exception {
        try (Child again = Child.start(broker.launch())) {
            again.stdin().close();
            assertThat(again.awaitExit(LIMIT)).isEqualTo(1);
            assertThat(again.err().text()).contains(node + " was taken out of cluster");
        }
    }

    private void createTopic(String topic) throws Exception {
        run("topic", "create", "--topic", topic, "--replicas", "3").ok();
    }

    private Ran run(String... words) throws Exception {
        return Commands.run(
                Duration.ofSeconds(100),
                Launch.bin("mlog", words).with("--addrs", cluster.addresses()));
    }
}
