package io.mlog.cli.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlog.model.HostPort;
import io.mlog.protocol.DescribeCluster;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

final class ClusterTextTest {
    @Test
    void aClusterIsATableOfItsNodes() {
        assertThat(ClusterText.describe(cluster(Optional.of("node-1"), 2)))
                .isEqualTo(
                        """
                        cluster c1   metadata led by node-1   term 7   voters node-1,node-2

                        NODE    ID  ADDRESS         STATE   ROLES         REPLICAS  LEADS  OUT OF SYNC  LAG  VERSION
                        node-1  1   127.0.0.1:9094  up      broker,voter  4         3      0            -    0.1.0
                        node-2  2   127.0.0.1:9097  failed  broker        4         0      2            17   0.1.0

                        2 replicas are not in sync
                        """);
    }

    @Test
    void aClusterInOrderSaysSo() {
        assertThat(ClusterText.describe(cluster(Optional.empty(), 0)))
                .contains("metadata led by nobody")
                .endsWith("\nall replicas are in sync\n");
    }

    @Test
    void scriptsGetTheFieldsOfTheProtocol() {
        assertThat(ClusterJson.of(cluster(Optional.empty(), 1)))
                .startsWith("{\"clusterId\":\"c1\",\"nodes\":[{\"id\":\"node-1\",\"brokerId\":1")
                .contains("\"outOfSync\":1,\"lag\":17")
                .endsWith(
                        "\"raft\":{\"leader\":null,\"term\":7,\"voters\":[\"node-1\",\"node-2\"]}}");
    }

    private static DescribeCluster.Response cluster(Optional<String> leader, int outOfSync) {
        return new DescribeCluster.Response(
                "c1",
                List.of(
                        new DescribeCluster.Node(
                                "node-1",
                                1,
                                new HostPort("127.0.0.1", 9094),
                                "up",
                                "0.1.0",
                                List.of("broker", "voter"),
                                4,
                                3,
                                0,
                                OptionalLong.empty()),
                        new DescribeCluster.Node(
                                "node-2",
                                2,
                                new HostPort("127.0.0.1", 9097),
                                "failed",
                                "0.1.0",
                                List.of("broker"),
                                4,
                                0,
                                outOfSync,
                                OptionalLong.of(17))),
                new DescribeCluster.Raft(leader, 7, List.of("node-1", "node-2")));
    }
}
