package io.mlog.core.metadata;

import static io.mlog.core.metadata.Decision.refuse;

import io.mlog.core.metadata.MetadataCommand.ChangePartitions;
import io.mlog.core.metadata.MetadataCommand.IsrChange;
import io.mlog.core.replication.IsrMember;
import io.mlog.core.replication.IsrProposal;
import io.mlog.model.ErrorCode;
import io.mlog.model.TopicIdPartition;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Decides who is in sync, at the wish of a leader: a compare-and-set on leader epoch and partition
 * epoch, of boots that are alive. A leader that wishes itself out of the ISR, for others that are
 * in it, gives the leadership up. Owned by one decision.
 */
final class IsrDecider {
    private final MetadataImage image;
    private final int leaderId;
    private final LiveBrokers live;
    private final Set<TopicIdPartition> seen = new HashSet<>();

    private IsrDecider(MetadataImage image, int leaderId) {
        this.image = image;
        this.leaderId = leaderId;
        this.live = new LiveBrokers(image);
    }

    static Decision change(MetadataImage image, ChangePartitions command) {
        FencingDecider.registered(image, command.leaderId(), command.bootEpoch());
        PartitionBatch.checkSize(command.changes().size());
        IsrDecider decider = new IsrDecider(image, command.leaderId());
        PartitionResultsDraft results = new PartitionResultsDraft();
        command.changes().forEach(change -> results.add(() -> decider.change(change)));
        return results.decision();
    }

    private PartitionDraft change(IsrChange change) {
        TopicIdPartition id = change.partition();
        TopicImage topic =
                image.topic(id.topicId())
                        .orElseThrow(() ->
                                refuse(
                                        ErrorCode.UNKNOWN_TOPIC_ID,
                                        "no topic has the id %s".formatted(id.topicId())));
        PartitionImage partition = PartitionBatch.partitionOf(topic, id.partition());
        if (!seen.add(id)) {
            throw PartitionBatch.namedTwice(topic, id.partition());
        }
        PartitionDraft draft = new PartitionDraft(topic, partition);
        checkEpochs(draft, change.proposal());
        checkMembers(draft, change.proposal().isr());
        draft.confirmIsr(idsOf(change.proposal().isr()));
        draft.completeReassignment();
        draft.elect(live);
        return draft;
    }

    private void checkEpochs(PartitionDraft draft, IsrProposal proposal) {
        PartitionImage now = draft.before();
        if (proposal.leaderEpoch() != now.leaderEpoch()) {
            boolean older = proposal.leaderEpoch() < now.leaderEpoch();
            throw refuse(
                    older ? ErrorCode.FENCED_LEADER_EPOCH : ErrorCode.UNKNOWN_LEADER_EPOCH,
                    "the ISR of %s was to change in leader epoch %d; it is %d"
                            .formatted(draft.name(), proposal.leaderEpoch(), now.leaderEpoch()));
        }
        if (now.leader() != leaderId) {
            throw refuse(
                    ErrorCode.NOT_LEADER,
                    "broker %d asked for another ISR of %s, whose leader is %s"
                            .formatted(
                                    leaderId,
                                    draft.name(),
                                    now.hasLeader() ? "broker " + now.leader() : "nobody"));
        }
        if (proposal.partitionEpoch() != now.partitionEpoch()) {
            throw refuse(
                    ErrorCode.INVALID_UPDATE_VERSION,
                    "the ISR of %s was to change from partition epoch %d; it is %d"
                            .formatted(
                                    draft.name(), proposal.partitionEpoch(), now.partitionEpoch()));
        }
    }

    private void checkMembers(PartitionDraft draft, List<IsrMember> members) {
        Set<Integer> ids = idsOf(members);
        boolean resigns = !ids.isEmpty() && draft.before().isr().containsAll(ids);
        if ((!ids.contains(leaderId) && !resigns) || ids.size() != members.size()) {
            throw refuse(
                    ErrorCode.INVALID_REQUEST,
                    "the ISR %s of %s must have its leader, broker %d, and nobody twice; a leader that gives up leaves it to others of the ISR"
                            .formatted(
                                    members.stream().map(IsrMember::brokerId).toList(),
                                    draft.name(),
                                    leaderId));
        }
        for (IsrMember member : members) {
            String fault = faultOf(draft.before(), member);
            if (!fault.isEmpty()) {
                throw refuse(
                        ErrorCode.INELIGIBLE_REPLICA,
                        "broker %d cannot be in the ISR of %s: %s"
                                .formatted(member.brokerId(), draft.name(), fault));
            }
        }
    }

    private String faultOf(PartitionImage partition, IsrMember member) {
        int id = member.brokerId();
        BrokerImage broker = image.brokers().get(id);
        if (broker == null || !partition.replicas().contains(id)) {
            return "its replicas are " + partition.replicas();
        }
        if (broker.bootEpoch() != member.bootEpoch()) {
            return "it is registered with boot epoch %d, not with %d"
                    .formatted(broker.bootEpoch(), member.bootEpoch());
        }
        if (broker.fenced()) {
            return "it is fenced";
        }
        return broker.shuttingDown() && id != leaderId ? "it is shutting down" : "";
    }

    private static Set<Integer> idsOf(List<IsrMember> members) {
        Set<Integer> ids = new HashSet<>();
        members.forEach(member -> ids.add(member.brokerId()));
        return ids;
    }
}
