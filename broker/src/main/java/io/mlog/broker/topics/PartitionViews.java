package io.mlog.broker.topics;

import io.mlog.core.metadata.BrokerImage;
import io.mlog.core.metadata.MetadataImage;
import io.mlog.core.metadata.PartitionImage;
import io.mlog.core.metadata.TopicImage;
import io.mlog.core.replication.IsrMember;
import io.mlog.core.replication.PartitionView;
import java.util.HashMap;
import java.util.Map;

/**
 * What the replicas of this broker need to know, taken from metadata images. No state; any thread.
 */
final class PartitionViews {
    private final IsrMember self;

    PartitionViews(IsrMember self) {
        this.self = self;
    }

    /**
     * Whether this life of the broker may act on an image: its own registration is in it, and no
     * later one is. An earlier image may say that this broker leads what its disk has since lost.
     */
    boolean mayActOn(MetadataImage image) {
        BrokerImage registered = image.brokers().get(self.brokerId());
        return registered != null && registered.bootEpoch() == self.bootEpoch();
    }

    /** The view of one partition. A fenced broker leads nothing. */
    PartitionView of(MetadataImage image, TopicImage topic, PartitionImage partition) {
        Map<Integer, Long> boots = new HashMap<>();
        for (int replica : partition.replicas()) {
            BrokerImage broker = image.brokers().get(replica);
            if (broker != null && broker.active()) {
                boots.put(replica, broker.bootEpoch());
            }
        }
        return new PartitionView(
                isFencedLeader(image, partition) ? PartitionView.NO_LEADER : partition.leader(),
                partition.leaderEpoch(),
                partition.partitionEpoch(),
                partition.replicas(),
                partition.isr(),
                topic.minInsyncReplicas(partition.replicationFactor()),
                boots);
    }

    private boolean isFencedLeader(MetadataImage image, PartitionImage partition) {
        BrokerImage broker = image.brokers().get(self.brokerId());
        return partition.leader() == self.brokerId() && (broker == null || broker.fenced());
    }
}
