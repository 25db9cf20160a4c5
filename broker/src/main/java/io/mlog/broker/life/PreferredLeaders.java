package io.mlog.broker.life;

import io.mlog.core.metadata.BrokerImage;
import io.mlog.core.metadata.MetadataImage;
import io.mlog.core.metadata.PartitionImage;
import io.mlog.core.metadata.TopicImage;
import org.jspecify.annotations.Nullable;

/** Which partitions are led by another than the replica that should lead them. */
final class PreferredLeaders {
    private PreferredLeaders() {}

    /** Whether any partition's first replica could lead it, and another one does. */
    static boolean anyCanReturn(MetadataImage image) {
        for (TopicImage topic : image.topicsByName().values()) {
            for (PartitionImage partition : topic.partitions()) {
                int preferred = partition.replicas().getFirst();
                if (partition.leader() != preferred
                        && partition.isr().contains(preferred)
                        && active(image.brokers().get(preferred))) {
                    return true;
                }
            }
        }
        return false;
    }

    private static boolean active(@Nullable BrokerImage broker) {
        return broker != null && broker.active();
    }
}
