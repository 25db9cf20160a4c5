package io.mlog.broker.rpc;

import io.mlog.core.metadata.MetadataImage;
import io.mlog.core.metadata.PartitionImage;
import io.mlog.core.metadata.TopicImage;
import java.util.HashMap;
import java.util.Map;

/**
 * What a broker has to do in a cluster, in partitions.
 *
 * @param replicas of how many it has a copy
 * @param leads of how many it is the leader
 * @param outOfSync of how many its copy is not in sync
 */
record ReplicaCounts(int replicas, int leads, int outOfSync) {
    static final ReplicaCounts NONE = new ReplicaCounts(0, 0, 0);

    /** Of every broker that has a replica, by broker id. */
    static Map<Integer, ReplicaCounts> byBroker(MetadataImage image) {
        Map<Integer, ReplicaCounts> counts = new HashMap<>();
        for (TopicImage topic : image.topicsByName().values()) {
            for (PartitionImage partition : topic.partitions()) {
                for (int broker : partition.replicas()) {
                    counts.merge(broker, of(broker, partition), ReplicaCounts::plus);
                }
            }
        }
        return counts;
    }

    private static ReplicaCounts of(int broker, PartitionImage partition) {
        return new ReplicaCounts(
                1, partition.leader() == broker ? 1 : 0, partition.isr().contains(broker) ? 0 : 1);
    }

    private ReplicaCounts plus(ReplicaCounts other) {
        return new ReplicaCounts(
                replicas + other.replicas, leads + other.leads, outOfSync + other.outOfSync);
    }
}
