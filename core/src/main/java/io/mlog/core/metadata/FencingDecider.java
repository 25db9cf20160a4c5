package io.mlog.core.metadata;

import static io.mlog.core.metadata.Decision.refuse;

import io.mlog.core.metadata.CommandResult.Outcome;
import io.mlog.core.metadata.MetadataCommand.BeginShutdown;
import io.mlog.core.metadata.MetadataCommand.FenceBroker;
import io.mlog.core.metadata.MetadataCommand.UnfenceBroker;
import io.mlog.core.metadata.MetadataRecord.BrokerStateChange;
import io.mlog.model.ErrorCode;
import io.mlog.model.TopicIdPartition;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Decides what becomes of partitions when a broker comes, goes or is about to go. */
final class FencingDecider {
    private FencingDecider() {}

    static Decision fence(MetadataImage image, FenceBroker command) {
        BrokerImage broker = registered(image, command.brokerId(), command.bootEpoch());
        if (broker.fenced()) {
            return Decision.accept(List.of());
        }
        BrokerImage fenced = broker.in(true, broker.shuttingDown());
        List<MetadataRecord> records = new ArrayList<>();
        records.add(stateOf(fenced));
        LiveBrokers live = new LiveBrokers(image, fenced);
        for (PartitionDraft draft : inSyncOf(image, broker.id())) {
            draft.leaveIsr(broker.id());
            draft.elect(live);
            draft.addRecords(records);
        }
        return Decision.accept(records);
    }

    static Decision unfence(MetadataImage image, UnfenceBroker command) {
        BrokerImage broker = registered(image, command.brokerId(), command.bootEpoch());
        if (broker.shuttingDown()) {
            throw refuse(
                    ErrorCode.INVALID_REQUEST,
                    "broker %d (%s) is shutting down in boot %d: only its next start may lead"
                            .formatted(broker.id(), broker.nodeId(), broker.bootEpoch()));
        }
        BrokerImage unfenced = broker.in(false, false);
        List<MetadataRecord> records = new ArrayList<>();
        if (broker.fenced()) {
            records.add(stateOf(unfenced));
        }
        LiveBrokers live = new LiveBrokers(image, unfenced);
        Set<TopicIdPartition> suspects = new HashSet<>(command.suspects());
        for (TopicImage topic : image.topicsInOrder()) {
            for (PartitionImage partition : topic.partitions()) {
                if (partition.replicas().contains(broker.id())) {
                    welcome(topic, partition, broker.id(), suspects, live).addRecords(records);
                }
            }
        }
        return Decision.accept(records);
    }

    private static PartitionDraft welcome(
            TopicImage topic,
            PartitionImage partition,
            int broker,
            Set<TopicIdPartition> suspects,
            LiveBrokers live) {
        PartitionDraft draft = new PartitionDraft(topic, partition);
        if (suspects.contains(new TopicIdPartition(topic.id(), partition.partition()))) {
            draft.leaveIsr(broker);
            draft.elect(live);
        } else if (!partition.hasLeader()) {
            draft.elect(live);
        }
        return draft;
    }

    static Decision beginShutdown(MetadataImage image, BeginShutdown command) {
        BrokerImage broker = registered(image, command.brokerId(), command.bootEpoch());
        BrokerImage leaving = broker.in(broker.fenced(), true);
        List<MetadataRecord> records = new ArrayList<>();
        if (!broker.shuttingDown()) {
            records.add(stateOf(leaving));
        }
        LiveBrokers live = new LiveBrokers(image, leaving);
        int left = 0;
        for (PartitionDraft draft : inSyncOf(image, broker.id())) {
            draft.leaveIsr(broker.id());
            draft.elect(live);
            draft.addRecords(records);
            left += draft.leader() == broker.id() ? 1 : 0;
        }
        int leaderships = left;
        return new Decision.Accepted(records, after -> new Outcome.LeadershipsLeft(leaderships));
    }

    /**
     * The earlier boot of a node that starts again is gone, and what it was in sync with on another
     * disk is not on this one.
     */
    static void replaceBoot(
            MetadataImage image,
            BrokerImage earlier,
            BrokerImage present,
            List<MetadataRecord> records) {
        LiveBrokers live = new LiveBrokers(image, present);
        for (PartitionDraft draft : inSyncOf(image, earlier.id())) {
            draft.leaveIsr(earlier.id());
            draft.moveDirectory(earlier.id(), earlier.directoryId(), present.directoryId());
            draft.elect(live);
            draft.addRecords(records);
        }
    }

    /** The broker, when it is the boot that a command speaks for. */
    static BrokerImage registered(MetadataImage image, int brokerId, long bootEpoch) {
        BrokerImage broker = registered(image, brokerId);
        if (broker.bootEpoch() != bootEpoch) {
            throw refuse(
                    ErrorCode.STALE_BROKER_EPOCH,
                    "broker %d (%s) is registered with boot epoch %d, not with %d"
                            .formatted(brokerId, broker.nodeId(), broker.bootEpoch(), bootEpoch));
        }
        return broker;
    }

    /** The broker, or BROKER_ID_NOT_REGISTERED. */
    static BrokerImage registered(MetadataImage image, int brokerId) {
        BrokerImage broker = image.brokers().get(brokerId);
        if (broker == null) {
            throw refuse(
                    ErrorCode.BROKER_ID_NOT_REGISTERED,
                    "no broker has the id %d; there are %s"
                            .formatted(
                                    brokerId, image.brokers().keySet().stream().sorted().toList()));
        }
        return broker;
    }

    private static List<PartitionDraft> inSyncOf(MetadataImage image, int broker) {
        List<PartitionDraft> drafts = new ArrayList<>();
        for (TopicImage topic : image.topicsInOrder()) {
            for (PartitionImage partition : topic.partitions()) {
                if (partition.isr().contains(broker)) {
                    drafts.add(new PartitionDraft(topic, partition));
                }
            }
        }
        return drafts;
    }

    private static BrokerStateChange stateOf(BrokerImage broker) {
        return new BrokerStateChange(broker.id(), broker.fenced(), broker.shuttingDown());
    }
}
