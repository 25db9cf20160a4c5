package io.mlog.cli.cluster;

import io.mlog.cli.terminal.JsonText;
import io.mlog.protocol.DescribeCluster;
import java.util.LinkedHashMap;
import java.util.Map;

/** What is said about a cluster to scripts: the fields of the JSON RPC under their names there. */
final class ClusterJson {
    private ClusterJson() {}

    static String of(DescribeCluster.Response cluster) {
        Map<String, Object> raft = new LinkedHashMap<>();
        raft.put("leader", cluster.raft().leader());
        raft.put("term", cluster.raft().term());
        raft.put("voters", cluster.raft().voters());
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("clusterId", cluster.clusterId());
        object.put("nodes", cluster.nodes().stream().map(ClusterJson::node).toList());
        object.put("raft", raft);
        return JsonText.of(object);
    }

    private static Map<String, Object> node(DescribeCluster.Node node) {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("id", node.id());
        object.put("brokerId", node.brokerId());
        object.put("addr", node.addr());
        object.put("state", node.state());
        object.put("version", node.version());
        object.put("roles", node.roles());
        object.put("replicas", node.replicas());
        object.put("leads", node.leads());
        object.put("outOfSync", node.outOfSync());
        object.put("lag", node.lag());
        return object;
    }
}
