package io.mlog.systemtests.clients;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlog.systemtests.harness.Await;
import io.mlog.systemtests.harness.Checkout;
import io.mlog.systemtests.harness.ClusterProcesses;
import io.mlog.systemtests.harness.ClusterView;
import io.mlog.systemtests.harness.KafkaSink;
import io.mlog.systemtests.harness.ObservedTopic;
import io.mlog.systemtests.harness.SteadyWriter;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The rows of the client matrix on three brokers: at rest, and while they are restarted. */
@Tag("slow")
@Timeout(900)
class ClusterMatrixTest {
    private static final Duration LIMIT = Duration.ofSeconds(90);
    private static final Duration ROW_LIMIT = Duration.ofMinutes(10);
    private static final Duration EVERY = Duration.ofMillis(5);
    private static final String LOAD = "load";
    private static final int NODES = 3;

    /**
     * Rows that need all brokers wait for the end of a restart, so that some may begin after one.
     */
    private static final int ROWS_BETWEEN_RESTARTS = 4;

    @TempDir private Path folder;
    private ClusterProcesses cluster;

    @BeforeEach
    void startCluster() throws Exception {
        cluster = ClusterProcesses.in(folder, NODES);
        Path logs = Checkout.root().resolve("system-tests/target/matrix");
        Files.createDirectories(logs);
        for (int node = 1; node <= NODES; node++) {
            Path log = logs.resolve("node-" + node + ".log");
            Files.deleteIfExists(log);
            cluster.node(node).logTo(log);
        }
        cluster.start();
    }

    @AfterEach
    void endCluster() {
        cluster.close();
    }

    @Test
    void everyClientDoesTheSameOnThreeBrokers() throws Exception {
        try (Scene scene = new Scene(cluster.addresses(), NODES, folder.resolve("rows"));
                MatrixRun run = MatrixRun.start(scene, Matrix.chosen(), ROW_LIMIT)) {
            assertThat(run.failures()).isEmpty();
        }
    }

    @Test
    void everyClientGoesOnWhileBrokersAreRestartedUnderLoad() throws Exception {
        try (ObservedTopic load = ObservedTopic.create(cluster, LOAD, NODES);
                Scene scene = new Scene(cluster.addresses(), NODES, folder.resolve("rows"))) {
            SteadyWriter writer = load.write(new KafkaSink(cluster.addresses(), LOAD), EVERY);
            writer.awaitProgress(LIMIT);
            int restarts = 0;
            try (MatrixRun run = MatrixRun.start(scene, Matrix.chosen(), ROW_LIMIT)) {
                while (!run.isOver() || restarts < NODES) {
                    run.awaitEnds(ROWS_BETWEEN_RESTARTS);
                    int node = restarts++ % NODES + 1;
                    scene.without(() -> restart(node));
                }
                assertThat(run.failures()).isEmpty();
            }
            assertThat(load.judge(LIMIT)).isEmpty();
            assertThat(writer.failed()).isZero();
            System.out.printf("%d restarts while the rows ran; %s%n", restarts, writer);
        }
    }

    /** As an operator does it: when the others can do without it, and until it has caught up. */
    private void restart(int node) throws Exception {
        Await.until(
                LIMIT,
                "node-" + node + " is safe to stop",
                () -> {
                    HttpResponse<String> said = cluster.node(node).http("/safe-to-stop");
                    if (said.statusCode() != 200) {
                        throw new IllegalStateException(said.body());
                    }
                    return true;
                });
        assertThat(cluster.node(node).stop()).isZero();
        cluster.node(node).start();
        ClusterView view = new ClusterView(cluster);
        for (int asked = 1; asked <= NODES; asked++) {
            view.awaitAllInSync(LIMIT, asked, LOAD);
        }
    }
}
