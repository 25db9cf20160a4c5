package io.mlog.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlog.systemtests.faults.FaultyCluster;
import io.mlog.systemtests.harness.Await;
import io.mlog.systemtests.harness.ClusterView;
import io.mlog.systemtests.harness.CopyReader;
import io.mlog.systemtests.harness.JsonRpc;
import io.mlog.systemtests.harness.KafkaSink;
import io.mlog.systemtests.harness.MlogSink;
import io.mlog.systemtests.harness.ObservedTopic;
import io.mlog.systemtests.harness.PinnedProducer;
import io.mlog.systemtests.harness.SteadyWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Three real brokers that are cut apart, paused and killed, and what is promised of them then. Each
 * test leaves the cluster whole.
 */
@Timeout(180)
@Tag("slow")
class ClusterFaultsTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Duration EVERY = Duration.ofMillis(2);

    /** What clients of acks=all wait unless told otherwise; a follower must be out before. */
    private static final Duration ACK_TIMEOUT = Duration.ofSeconds(5);

    private static final int FOR_LEADER = 100;
    private static final int FOR_ALL = 101;

    @TempDir private static Path folder;
    private static FaultyCluster cluster;

    @BeforeAll
    static void startCluster() throws Exception {
        cluster = FaultyCluster.in(folder, 3);
        cluster.start();
    }

    /** Whatever a test that failed has left. */
    @AfterEach
    void mend() throws Exception {
        cluster.network().heal();
        for (int node : cluster.nodes()) {
            cluster.resume(node);
        }
    }

    @AfterAll
    static void endCluster() throws Exception {
        cluster.close();
    }

    @Test
    void aLeaderThatIsCutOffAcknowledgesNothingAndLaterGivesUpWhatItHasAlone() throws Exception {
        try (ObservedTopic topic = ObservedTopic.create(cluster.processes(), "split", 1)) {
            SteadyWriter mlog = topic.write(new MlogSink(cluster.addresses(), "split"), EVERY);
            SteadyWriter kafka = topic.write(new KafkaSink(cluster.addresses(), "split"), EVERY);
            topic.readCopies();
            topic.tail();
            topic.awaitProgress(LIMIT);
            int old = leader(1, "split");

            cluster.network().isolate(old);
            CompletableFuture<Long> byMlog = mlog.nextAcknowledged(0);
            CompletableFuture<Long> byKafka = kafka.nextAcknowledged(0);
            long cutNanos = System.nanoTime();
            List<String> accepted = new ArrayList<>();
            List<String> refusals = writeTo(old, topic, accepted);
            int asked = cluster.othersThan(old).getFirst();
            Await.until(LIMIT, "another leader", () -> leader(asked, "split") != old);
            mlog.awaitIn(LIMIT, 0, byMlog);
            kafka.awaitIn(LIMIT, 0, byKafka);
            System.out.printf(
                    "node-%d was cut off: it accepted %d records at acks=leader and refused then: %s%n"
                            + "acks=all went on elsewhere after %d and %d ms%n",
                    old,
                    accepted.size(),
                    refusals.getLast(),
                    (byMlog.get() - cutNanos) / 1_000_000,
                    (byKafka.get() - cutNanos) / 1_000_000);
            cluster.network().heal();

            assertThat(topic.judge(LIMIT)).isEmpty();
            assertThat(accepted).as("what only the old leader had").isNotEmpty();
            assertThat(topic.log(0)).noneMatch(record -> record.writer() >= FOR_LEADER);
        }
    }

    /**
     * Writes to the node until it refuses for good.
     *
     * @param accepted filled with its answers to acks=leader that were no refusals
     * @return its refusals, of which none may be missing at acks=all
     */
    private static List<String> writeTo(int node, ObservedTopic topic, List<String> accepted)
            throws Exception {
        List<String> refusals = new ArrayList<>();
        int port = cluster.node(node).rpcPort();
        Duration wait = Duration.ofMillis(300);
        try (PinnedProducer forLeader =
                        new PinnedProducer(
                                port, topic.name(), FOR_LEADER, 1, wait, topic.history(0));
                PinnedProducer forAll =
                        new PinnedProducer(
                                port, topic.name(), FOR_ALL, 2, wait, topic.history(0))) {
            Await.until(
                    LIMIT,
                    "node-" + node + " to refuse",
                    () -> {
                        String toAll = forAll.send();
                        if (PinnedProducer.isAcknowledged(toAll)) {
                            throw new AssertionError("acknowledged by all while alone: " + toAll);
                        }
                        String toLeader = forLeader.send();
                        (PinnedProducer.isAcknowledged(toLeader) ? accepted : refusals)
                                .add(toLeader);
                        return !refusals.isEmpty();
                    });
        }
        return refusals;
    }

    @Test
    void aPausedFollowerStopsNobodyForLongAndComesBack() throws Exception {
        try (ObservedTopic topic = ObservedTopic.create(cluster.processes(), "paused", 1)) {
            SteadyWriter writer = topic.write(new MlogSink(cluster.addresses(), "paused"), EVERY);
            topic.readCopies();
            topic.awaitProgress(LIMIT);
            int leader = leader(1, "paused");
            int follower = cluster.othersThan(leader).getLast();

            cluster.pause(follower);
            long pausedNanos = System.nanoTime();
            CompletableFuture<Long> next = writer.nextAcknowledged(0);
            Duration stood = Duration.ofNanos(writer.awaitIn(LIMIT, 0, next) - pausedNanos);
            System.out.printf(
                    "a paused follower: acks=all went on after %d ms%n", stood.toMillis());
            assertThat(stood).isLessThan(ACK_TIMEOUT);
            assertThat(cluster.view().inSync(leader, "paused", 0)).isEqualTo(2);
            writer.awaitProgress(LIMIT);

            cluster.resume(follower);
            cluster.view().awaitAllInSync(LIMIT, leader, "paused");
            assertThat(topic.judge(LIMIT)).isEmpty();
            assertThat(writer.failed()).isZero();
        }
    }

    @Test
    void whoIsLeftAloneAcknowledgesNothingAndServesWhatIsCommitted() throws Exception {
        try (ObservedTopic topic = ObservedTopic.create(cluster.processes(), "alone", 1)) {
            SteadyWriter writer = topic.write(new KafkaSink(cluster.addresses(), "alone"), EVERY);
            topic.tail();
            writer.awaitProgress(LIMIT);
            int survivor = leader(1, "alone");
            List<Integer> dead = cluster.othersThan(survivor);
            for (int node : dead) {
                cluster.kill9(node);
            }

            String refusal = awaitRefusalForGood(survivor, topic);
            System.out.printf("alone, node-%d says %s%n", survivor, refusal);
            assertThat(JsonRpc.text(refusal, "message")).hasSizeGreaterThan(20);
            ClusterView.Copy copy = cluster.view().copy(survivor, "alone", 0).orElseThrow();
            assertThat(copy.highWatermark())
                    .isGreaterThanOrEqualTo(topic.history(0).acknowledgements());
            readFromStart(survivor, topic, copy.highWatermark());
            assertThat(copy.highWatermark())
                    .as("the high watermark of one alone")
                    .isEqualTo(
                            cluster.view()
                                    .copy(survivor, "alone", 0)
                                    .orElseThrow()
                                    .highWatermark());

            cluster.startAgain(dead);
            writer.awaitProgress(LIMIT);
            assertThat(topic.judge(LIMIT)).isEmpty();
        } finally {
            cluster.processes().awaitAllVote();
        }
    }

    /** Sends at acks=all until the answer is no longer that time has passed. */
    private static String awaitRefusalForGood(int node, ObservedTopic topic) throws Exception {
        String[] refusal = new String[1];
        try (PinnedProducer forAll =
                new PinnedProducer(
                        cluster.node(node).rpcPort(),
                        topic.name(),
                        FOR_ALL,
                        2,
                        Duration.ofMillis(300),
                        topic.history(0))) {
            Await.until(
                    LIMIT,
                    "acks=all to be refused",
                    () -> {
                        refusal[0] = forAll.send();
                        if (PinnedProducer.isAcknowledged(refusal[0])) {
                            throw new AssertionError("acknowledged while alone: " + refusal[0]);
                        }
                        return !JsonRpc.text(refusal[0], "code").equals("REQUEST_TIMED_OUT");
                    });
        }
        return refusal[0];
    }

    private static void readFromStart(int node, ObservedTopic topic, long end) throws Exception {
        try (CopyReader reader =
                new CopyReader(
                        cluster.node(node).rpcPort(),
                        topic.name(),
                        0,
                        topic.history(0).reader("somebody who begins late"))) {
            reader.awaitOffset(LIMIT, end);
        }
    }

    private static int leader(int asked, String topic) throws Exception {
        return cluster.view().leader(asked, topic, 0).orElseThrow();
    }
}
