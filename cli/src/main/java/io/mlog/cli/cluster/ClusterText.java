package io.mlog.cli.cluster;

import io.mlog.cli.terminal.Table;
import io.mlog.protocol.DescribeCluster;

/** What is said about a cluster to people. */
final class ClusterText {
    private ClusterText() {}

    static String describe(DescribeCluster.Response cluster) {
        Table nodes =
                new Table(
                        "NODE",
                        "ID",
                        "ADDRESS",
                        "STATE",
                        "ROLES",
                        "REPLICAS",
                        "LEADS",
                        "OUT OF SYNC",
                        "LAG",
                        "VERSION");
        for (DescribeCluster.Node node : cluster.nodes()) {
            nodes.row(
                    node.id(),
                    node.brokerId(),
                    node.addr(),
                    node.state(),
                    String.join(",", node.roles()),
                    node.replicas(),
                    node.leads(),
                    node.outOfSync(),
                    node.lag().isPresent() ? node.lag().getAsLong() : "-",
                    node.version());
        }
        int outOfSync = cluster.nodes().stream().mapToInt(DescribeCluster.Node::outOfSync).sum();
        return "cluster %s   metadata led by %s   term %d   voters %s\n\n%s\n%s\n"
                .formatted(
                        cluster.clusterId(),
                        cluster.raft().leader().orElse("nobody"),
                        cluster.raft().term(),
                        String.join(",", cluster.raft().voters()),
                        nodes.text(),
                        outOfSync == 0
                                ? "all replicas are in sync"
                                : outOfSync
                                        + (outOfSync == 1 ? " replica is" : " replicas are")
                                        + " not in sync");
    }
}
