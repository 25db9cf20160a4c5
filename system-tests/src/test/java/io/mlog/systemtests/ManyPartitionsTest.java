package io.mlog.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlog.systemtests.harness.Await;
import io.mlog.systemtests.harness.ClusterProcesses;
import io.mlog.systemtests.harness.Commands;
import io.mlog.systemtests.harness.Launch;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A thousand partitions with three replicas each on three brokers of this machine. */
@Tag("slow")
@Timeout(600)
class ManyPartitionsTest {
    private static final int PARTITIONS = 1_000;
    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final int IDLE_SECONDS = 20;
    private static final Pattern IN_SYNC = Pattern.compile("\"isr\":\\[(\"node-\\d\",?){3}]");

    @TempDir private Path folder;

    @Test
    void aThousandPartitionsAreCreatedStayIdleAndFailOver() throws Exception {
        try (ClusterProcesses cluster = ClusterProcesses.in(folder, 3)) {
            cluster.start();
            long began = System.nanoTime();
            Commands.run(
                            LIMIT,
                            Launch.bin("topic", "create", "--addrs", cluster.addresses())
                                    .with("--topic", "many", "--replicas", "3")
                                    .with("--partitions", Integer.toString(PARTITIONS)))
                    .ok();
            double created = secondsSince(began);
            Await.until(LIMIT, "all are in sync", () -> inSync(cluster) == PARTITIONS);
            double synced = secondsSince(began);

            double[] idle = idleShares(cluster);
            int victim = 2;
            cluster.node(victim).kill9();
            long killed = System.nanoTime();
            Await.until(
                    LIMIT,
                    "others lead all partitions",
                    () -> {
                        String topic = cluster.describeTopic(1, "many");
                        return !topic.contains("\"leaderNodeId\":\"node-" + victim + '"')
                                && !topic.contains("\"leaderNodeId\":null");
                    });
            double failedOver = secondsSince(killed);
            System.out.printf(
                    "%d partitions of 3 replicas: created %.1f s, in sync %.1f s, idle %.1f %.1f %.1f %% of a core, failover of a third %.1f s%n",
                    PARTITIONS, created, synced, idle[0], idle[1], idle[2], failedOver);

            assertThat(created).isLessThan(30);
            assertThat(synced).isLessThan(35);
            assertThat(failedOver).isLessThan(5);
            assertThat(Arrays.stream(idle).max().orElseThrow()).isLessThan(5);
        }
    }

    private static long inSync(ClusterProcesses cluster) throws Exception {
        return IN_SYNC.matcher(cluster.describeTopic(1, "many")).results().count();
    }

    /** What each broker takes of a core when nothing is asked of it, in percent. */
    private static double[] idleShares(ClusterProcesses cluster) throws Exception {
        Thread.sleep(5_000); // nothing tells when compilers and checkpoints are through
        double[] before = cpuSeconds(cluster);
        Thread.sleep(IDLE_SECONDS * 1_000L);
        double[] after = cpuSeconds(cluster);
        double[] shares = new double[3];
        for (int i = 0; i < shares.length; i++) {
            shares[i] = (after[i] - before[i]) / IDLE_SECONDS * 100;
        }
        return shares;
    }

    private static double[] cpuSeconds(ClusterProcesses cluster) throws Exception {
        double[] seconds = new double[3];
        for (int i = 0; i < seconds.length; i++) {
            seconds[i] = cluster.node(i + 1).stat().cpuSeconds();
        }
        return seconds;
    }

    private static double secondsSince(long nanos) {
        return (System.nanoTime() - nanos) / 1e9;
    }
}
