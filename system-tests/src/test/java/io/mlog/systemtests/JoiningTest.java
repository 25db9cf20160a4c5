package io.mlog.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlog.systemtests.harness.Await;
import io.mlog.systemtests.harness.BrokerProcess;
import io.mlog.systemtests.harness.Child;
import io.mlog.systemtests.harness.JsonRpc;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** How nodes find each other, with a key and by hearsay. Real processes. */
@Timeout(180)
class JoiningTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final String KEY = "kG7sQ2mZ0xT4vB9nL1pR6wY8";
    private static final String OTHER_KEY = "aH3dF5gJ7kL9zX1cV2bN4mQ6";

    @TempDir private Path folder;
    private BrokerProcess first;
    private BrokerProcess second;
    private BrokerProcess third;

    @BeforeEach
    void foundWithAKey() throws Exception {
        first = node(1, KEY);
        second = node(2, KEY).flag("--peer", first.gossipAddress());
        third = node(3, KEY).flag("--peer", second.gossipAddress());
        first.start();
        second.start();
    }

    @AfterEach
    void end() {
        first.close();
        second.close();
        third.close();
    }

    private BrokerProcess node(int number, String key) throws Exception {
        return BrokerProcess.in(folder.resolve("node" + number))
                .flag("--node-id", "node-" + number)
                .environment("MLOG_CLUSTER_KEY", key);
    }

    @Test
    void aNodeThatKnowsOnlyOneOtherIsKnownToAllAndMissedByAll() throws Exception {
        third.start();
        Await.until(
                LIMIT, "node 1 lists node 3", () -> describe(first).contains("\"id\":\"node-3\""));

        third.kill9();
        long killedNanos = System.nanoTime();
        Await.until(
                Duration.ofSeconds(20),
                "node 3 shows as failed",
                () ->
                        describe(first).contains("\"state\":\"failed\"")
                                && describe(second).contains("\"state\":\"failed\""));
        System.out.printf(
                "a killed node shows as failed on all others after %d ms%n",
                (System.nanoTime() - killedNanos) / 1_000_000);
    }

    @Test
    void aNodeWithAnotherKeyIsRefusedAndBothSidesSaySo() throws Exception {
        try (BrokerProcess stranger = node(9, OTHER_KEY).flag("--peer", first.gossipAddress())) {
            Child process = Child.start(stranger.launch());
            try (process) {
                process.stdin().close();
                Await.until(
                        LIMIT,
                        "the member says that it refuses",
                        () ->
                                first.process()
                                        .err()
                                        .text()
                                        .contains("it does not decrypt with our --cluster-key"));
                Await.until(
                        LIMIT,
                        "the stranger hears why",
                        () ->
                                process.err()
                                        .text()
                                        .contains("it was started with another --cluster-key"));
                Await.until(
                        LIMIT,
                        "the stranger to say what it waits for",
                        () ->
                                stranger.http("/ready")
                                        .body()
                                        .contains("looking for the cluster of its peers"));
                assertThat(stranger.http("/ready").body()).contains("not ready");
                assertThat(describe(first)).doesNotContain("node-9");
            }
        }
    }

    private static String describe(BrokerProcess node) throws Exception {
        return JsonRpc.call(node.rpcPort(), "{\"id\":1,\"type\":\"DescribeCluster\"}");
    }
}
