package io.mlog.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlog.systemtests.harness.Await;
import io.mlog.systemtests.harness.BinProducerSink;
import io.mlog.systemtests.harness.ClusterProcesses;
import io.mlog.systemtests.harness.ClusterView;
import io.mlog.systemtests.harness.FailoverTimes;
import io.mlog.systemtests.harness.FailoverTimes.Failover;
import io.mlog.systemtests.harness.KafkaSink;
import io.mlog.systemtests.harness.ObservedTopic;
import io.mlog.systemtests.harness.SteadyWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Leaders die by {@code kill -9} while Kafka's Java client and a {@code bin/producer} process write
 * at acks=all: nothing acknowledged is lost, nothing is stored twice, and writing goes on soon.
 * Every node leads a partition of each topic, so whichever is killed both clients feel it.
 */
class LeaderKillTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Duration EVERY = Duration.ofMillis(2);
    private static final int NODES = 3;
    private static final String BY_KAFKA = "by-kafka";
    private static final String BY_MLOG = "by-mlog";

    @TempDir private Path folder;
    private ClusterProcesses cluster;
    private ClusterView view;

    @BeforeEach
    void startCluster() throws Exception {
        cluster = ClusterProcesses.in(folder, NODES);
        cluster.start();
        view = new ClusterView(cluster);
    }

    @AfterEach
    void endCluster() {
        cluster.close();
    }

    @Test
    @Timeout(240)
    void killingLeadersUnderLoadLosesAndDoublesNothing() throws Exception {
        kill(2);
    }

    @Test
    @Tag("slow")
    @Timeout(3000)
    void fiftyKilledLeadersLoseAndDoubleNothing() throws Exception {
        FailoverTimes times = kill(50);
        assertThat(times.median()).isLessThanOrEqualTo(Duration.ofSeconds(1));
        assertThat(times.worst()).isLessThanOrEqualTo(Duration.ofSeconds(3));
    }

    private FailoverTimes kill(int kills) throws Exception {
        FailoverTimes times = new FailoverTimes();
        try (ObservedTopic byKafka = ObservedTopic.create(cluster, BY_KAFKA, NODES);
                ObservedTopic byMlog = ObservedTopic.create(cluster, BY_MLOG, NODES)) {
            SteadyWriter kafka = byKafka.write(new KafkaSink(cluster.addresses(), BY_KAFKA), EVERY);
            SteadyWriter mlog =
                    byMlog.write(BinProducerSink.start(cluster.addresses(), BY_MLOG, NODES), EVERY);
            for (int i = 0; i < kills; i++) {
                kafka.awaitProgress(LIMIT);
                mlog.awaitProgress(LIMIT);
                killOne(victim(i), kafka, mlog, times);
            }
            assertThat(byKafka.judge(LIMIT)).isEmpty();
            assertThat(byMlog.judge(LIMIT)).isEmpty();
            assertThat(kafka.failed() + mlog.failed()).isZero();
            System.out.printf(
                    "%d leaders killed; Kafka's client %s, bin/producer %s; nothing lost or twice, replicas identical%n%s%nKafka's client: %s%nbin/producer: --acks all --key-separator :, else its defaults%n",
                    kills, kafka, mlog, times.table(), kafkaSettings());
        }
        return times;
    }

    /** Every third time the node that leads the metadata, else one after the other of the rest. */
    private int victim(int kill) throws Exception {
        int metadataLeader = view.raftLeader(1).orElseThrow();
        List<Integer> others = new ArrayList<>(List.of(1, 2, 3));
        others.remove(Integer.valueOf(metadataLeader));
        return kill % 3 == 0 ? metadataLeader : others.get(kill % others.size());
    }

    private void killOne(int node, SteadyWriter kafka, SteadyWriter mlog, FailoverTimes times)
            throws Exception {
        boolean metadata = view.raftLeader(1).equals(OptionalInt.of(node));
        int ofKafka = ledBy(node, BY_KAFKA);
        int ofMlog = ledBy(node, BY_MLOG);
        long killedNanos = System.nanoTime();
        cluster.node(node).kill9();
        CompletableFuture<Long> kafkaNext = kafka.nextAcknowledged(ofKafka);
        CompletableFuture<Long> mlogNext = mlog.nextAcknowledged(ofMlog);
        Duration byKafka = since(killedNanos, kafka.awaitIn(LIMIT, ofKafka, kafkaNext));
        Duration byMlog = since(killedNanos, mlog.awaitIn(LIMIT, ofMlog, mlogNext));
        times.add(new Failover(metadata, "Kafka's Java client", byKafka));
        times.add(new Failover(metadata, "bin/producer", byMlog));
        System.out.printf(
                "node-%d killed%s: acknowledged again after %d ms (Kafka's client) and %d ms (bin/producer)%n",
                node,
                metadata ? ", the leader of the metadata" : "",
                byKafka.toMillis(),
                byMlog.toMillis());
        cluster.startAgain(List.of(node));
        for (int asked = 1; asked <= NODES; asked++) {
            view.awaitAllInSync(LIMIT, asked, BY_KAFKA);
            view.awaitAllInSync(LIMIT, asked, BY_MLOG);
        }
    }

    private static Duration since(long nanos, long later) {
        return Duration.ofNanos(later - nanos);
    }

    /** A partition that the node leads: it is given its own back soon after it has returned. */
    private int ledBy(int node, String topic) {
        int[] found = {-1};
        Await.until(
                LIMIT,
                "node-" + node + " to lead a partition of " + topic,
                () -> {
                    for (int partition = 0; partition < NODES; partition++) {
                        if (view.leader(node, topic, partition).equals(OptionalInt.of(node))) {
                            found[0] = partition;
                        }
                    }
                    return found[0] >= 0;
                });
        return found[0];
    }

    /** What decides about losing, doubling and waiting; all of it is Kafka's default. */
    private static Map<String, Object> kafkaSettings() {
        Map<String, Object> settings = new TreeMap<>(ProducerConfig.configDef().defaultValues());
        settings.keySet()
                .retainAll(
                        List.of(
                                ProducerConfig.ACKS_CONFIG,
                                ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG,
                                ProducerConfig.RETRIES_CONFIG,
                                ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION,
                                ProducerConfig.LINGER_MS_CONFIG,
                                ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG,
                                ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG,
                                ProducerConfig.RETRY_BACKOFF_MS_CONFIG,
                                ProducerConfig.RECONNECT_BACKOFF_MS_CONFIG,
                                ProducerConfig.METADATA_MAX_AGE_CONFIG));
        return settings;
    }
}
