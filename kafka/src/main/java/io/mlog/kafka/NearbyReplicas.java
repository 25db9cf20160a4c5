package io.mlog.kafka;

import io.mlog.core.metadata.BrokerImage;
import io.mlog.core.metadata.MetadataImage;
import io.mlog.core.metadata.PartitionImage;
import io.mlog.services.BrokerService;
import io.mlog.services.FetchCommand;
import io.mlog.services.FetchCommand.PartitionFetch;
import io.mlog.services.PartitionFetched;
import io.mlog.services.RecordService;
import io.mlog.services.TopicService;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import org.apache.kafka.common.message.FetchRequestData;
import org.jspecify.annotations.Nullable;

/**
 * Which copy a consumer reads when it has told its rack ({@code client.rack}, KIP-392): the
 * leader's when that stands in the same rack or nobody in sync does, else the one of an in-sync
 * replica there that has the offset. Thread-safe; counts what followers served, and keeps nothing
 * else.
 */
final class NearbyReplicas {
    private final RecordService records;
    private final TopicService topics;
    private final BrokerService broker;
    private final LongAdder followerBytes = new LongAdder();

    NearbyReplicas(RecordService records, TopicService topics, BrokerService broker) {
        this.records = records;
        this.topics = topics;
        this.broker = broker;
    }

    /** Whether the consumer may be served by a replica that does not lead. */
    static boolean tellsRack(FetchRequestData request) {
        return !request.rackId().isEmpty();
    }

    /** The broker to read from in place of this one, which leads. */
    Optional<Integer> better(String rack, PartitionFetch wanted) {
        if (rack.isEmpty()) {
            return Optional.empty();
        }
        MetadataImage image = topics.metadata();
        Optional<PartitionImage> partition = image.partition(wanted.partition());
        boolean leadsAsAsked =
                partition
                        .filter(known -> known.leader() == broker.brokerId())
                        .filter(known -> isEpoch(wanted.currentLeaderEpoch(), known))
                        .isPresent();
        return leadsAsAsked && !standsIn(image, broker.brokerId(), rack)
                ? records.readerOf(
                        wanted.partition(), wanted.offset(), id -> standsIn(image, id, rack))
                : Optional.empty();
    }

    private static boolean isEpoch(int asked, PartitionImage partition) {
        return asked == FetchCommand.NO_EPOCH || asked == partition.leaderEpoch();
    }

    private static boolean standsIn(MetadataImage image, int brokerId, String rack) {
        @Nullable BrokerImage known = image.brokers().get(brokerId);
        return known != null && known.active() && rack.equals(known.rack());
    }

    /** Bytes of what was read from copies on this broker that do not lead. */
    long followerBytes() {
        return followerBytes.sum();
    }

    /** Counts what a consumer is about to be sent. */
    void served(List<PartitionFetched> fetched) {
        MetadataImage image = topics.metadata();
        for (PartitionFetched each : fetched) {
            if (each.records().sizeBytes() > 0
                    && image.partition(each.partition())
                            .filter(known -> known.leader() != broker.brokerId())
                            .isPresent()) {
                followerBytes.add(each.records().sizeBytes());
            }
        }
    }
}
