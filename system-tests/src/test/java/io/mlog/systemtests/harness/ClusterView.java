package io.mlog.systemtests.harness;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;

/** What the nodes of a cluster say about it, each asked on its own port. Nodes count from 1. */
public final class ClusterView {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final ClusterProcesses cluster;

    public ClusterView(ClusterProcesses cluster) {
        this.cluster = cluster;
    }

    /**
     * A node's own copy of a partition.
     *
     * @param highWatermark as this node knows it
     */
    public record Copy(long highWatermark, long logEndOffset) {}

    /** The node that leads the partition, as {@code asked} knows. */
    public OptionalInt leader(int asked, String topic, int partition) throws Exception {
        return number(partition(asked, topic, partition).path("leaderNodeId"));
    }

    /** The node that leads the metadata, as {@code asked} knows. */
    public OptionalInt raftLeader(int asked) throws Exception {
        return number(JSON.readTree(cluster.describe(asked)).path("raft").path("leader"));
    }

    /** What a node holds of a partition; empty when it holds nothing. */
    public Optional<Copy> copy(int node, String topic, int partition) throws Exception {
        JsonNode log = partition(node, topic, partition).path("log");
        return log.isObject()
                ? Optional.of(
                        new Copy(
                                log.path("highWatermark").asLong(),
                                log.path("logEndOffset").asLong()))
                : Optional.empty();
    }

    /** How many replicas of the partition are in sync, as {@code asked} knows. */
    public int inSync(int asked, String topic, int partition) throws Exception {
        return partition(asked, topic, partition).path("isr").size();
    }

    /** Whether every replica of every partition is in sync, as {@code asked} knows. */
    public boolean isAllInSync(int asked, String topic) throws Exception {
        JsonNode partitions = describe(asked, topic).path("partitions");
        for (JsonNode partition : partitions) {
            if (partition.path("isr").size() < partition.path("replicas").size()) {
                return false;
            }
        }
        return !partitions.isEmpty();
    }

    /** Waits until every replica of the topic is in sync, as {@code asked} knows. */
    public void awaitAllInSync(Duration limit, int asked, String topic) {
        Await.until(
                limit,
                "every replica of %s to be in sync, as node-%d knows".formatted(topic, asked),
                () -> isAllInSync(asked, topic));
    }

    private JsonNode partition(int asked, String topic, int partition) throws Exception {
        return describe(asked, topic).path("partitions").path(partition);
    }

    private JsonNode describe(int asked, String topic) throws Exception {
        return JSON.readTree(cluster.describeTopic(asked, topic));
    }

    private static OptionalInt number(JsonNode nodeId) {
        return nodeId.isTextual()
                ? OptionalInt.of(Integer.parseInt(nodeId.asText().replace("node-", "")))
                : OptionalInt.empty();
    }
}
