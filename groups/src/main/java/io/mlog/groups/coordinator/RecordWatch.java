package io.mlog.groups.coordinator;

import io.mlog.groups.OffsetsTopic;
import io.mlog.groups.embed.PassingRecords;
import io.mlog.groups.journal.Generation;
import io.mlog.groups.journal.GroupJournal;
import io.mlog.groups.journal.Member;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.coordinator.common.runtime.CoordinatorRecord;
import org.apache.kafka.coordinator.group.generated.ConsumerGroupMemberMetadataKey;
import org.apache.kafka.coordinator.group.generated.ConsumerGroupMemberMetadataValue;
import org.apache.kafka.coordinator.group.generated.ConsumerGroupMetadataKey;
import org.apache.kafka.coordinator.group.generated.ConsumerGroupMetadataValue;
import org.apache.kafka.coordinator.group.generated.ConsumerGroupTargetAssignmentMetadataKey;
import org.apache.kafka.coordinator.group.generated.ConsumerGroupTargetAssignmentMetadataValue;
import org.apache.kafka.coordinator.group.generated.GroupMetadataKey;
import org.apache.kafka.coordinator.group.generated.GroupMetadataValue;
import org.apache.kafka.coordinator.group.generated.GroupMetadataValue.MemberMetadata;
import org.apache.kafka.coordinator.group.generated.LegacyOffsetCommitKey;
import org.apache.kafka.coordinator.group.generated.LegacyOffsetCommitValue;
import org.apache.kafka.coordinator.group.generated.OffsetCommitKey;
import org.apache.kafka.coordinator.group.generated.OffsetCommitValue;
import org.jspecify.annotations.Nullable;

/**
 * Tells the journal what records say. For each partition one thread at a time, as {@link
 * PassingRecords} has it.
 */
final class RecordWatch implements PassingRecords {
    private static final int TOPICS_NAMED = 5;

    private final GroupJournal journal;
    private final int consumerSessionTimeoutMs;
    private final Batch[] batches = new Batch[OffsetsTopic.PARTITIONS];

    /** The groups that the present batch of a partition is about. */
    private static final class Batch {
        private final Set<String> groups = new LinkedHashSet<>();
        private long atMs;
    }

    /**
     * A watch that fills that journal.
     *
     * @param consumerSessionTimeoutMs of KIP-848 members, whose records do not tell it
     */
    RecordWatch(GroupJournal journal, int consumerSessionTimeoutMs) {
        this.journal = journal;
        this.consumerSessionTimeoutMs = consumerSessionTimeoutMs;
        for (int partition = 0; partition < batches.length; partition++) {
            batches[partition] = new Batch();
        }
    }

    @Override
    public void loading(int partition) {
        batches[partition].groups.clear();
        journal.loading(partition);
    }

    @Override
    public void loadingEnds(int partition, int leaderEpoch) {
        journal.loadingEnds(partition, leaderEpoch);
    }

    /** Commits, classic groups, and of KIP-848 groups: epoch, members, assignment's epoch. */
    @Override
    public boolean wants(short recordType) {
        return recordType >= 0 && recordType <= 6 && recordType != 4;
    }

    @Override
    public void loaded(int partition, long atMs, CoordinatorRecord record) {
        written(partition, atMs, record);
    }

    @Override
    public void written(int partition, long atMs, CoordinatorRecord record) {
        ApiMessage value = record.value() == null ? null : record.value().message();
        String group = tell(record.key(), value, atMs);
        if (group != null) {
            batches[partition].groups.add(group);
            batches[partition].atMs = atMs;
        }
    }

    @Override
    public void batchEnds(int partition) {
        Batch batch = batches[partition];
        batch.groups.forEach(group -> journal.batchEnds(group, batch.atMs));
        batch.groups.clear();
    }

    /** The group that the record is about; null when it tells nothing. */
    private @Nullable String tell(ApiMessage key, @Nullable ApiMessage value, long atMs) {
        return switch (key) {
            case OffsetCommitKey at -> {
                offset(at, (OffsetCommitValue) value);
                yield at.group();
            }
            case LegacyOffsetCommitKey at -> {
                offset(at, (LegacyOffsetCommitValue) value);
                yield at.group();
            }
            case GroupMetadataKey at -> {
                classic(at.group(), (GroupMetadataValue) value, atMs);
                yield at.group();
            }
            case ConsumerGroupMetadataKey at -> {
                consumer(at.groupId(), (ConsumerGroupMetadataValue) value);
                yield at.groupId();
            }
            case ConsumerGroupMemberMetadataKey at -> {
                member(at, (ConsumerGroupMemberMetadataValue) value, atMs);
                yield at.groupId();
            }
            case ConsumerGroupTargetAssignmentMetadataKey at -> {
                if (value instanceof ConsumerGroupTargetAssignmentMetadataValue assignment) {
                    journal.assigned(at.groupId(), atMs, assignment.assignmentEpoch());
                }
                yield at.groupId();
            }
            default -> null;
        };
    }

    private void offset(OffsetCommitKey at, @Nullable OffsetCommitValue value) {
        if (value == null) {
            journal.offsetDeleted(at.group(), at.topic(), at.partition());
        } else {
            journal.committed(
                    at.group(),
                    value.commitTimestamp(),
                    at.topic(),
                    at.partition(),
                    value.offset());
        }
    }

    /** Of groups that were written by Kafka before it knew the present kind of key. */
    private void offset(LegacyOffsetCommitKey at, @Nullable LegacyOffsetCommitValue value) {
        if (value == null) {
            journal.offsetDeleted(at.group(), at.topic(), at.partition());
        } else {
            journal.committed(
                    at.group(),
                    value.commitTimestamp(),
                    at.topic(),
                    at.partition(),
                    value.offset());
        }
    }

    private void classic(String group, @Nullable GroupMetadataValue value, long atMs) {
        if (value == null) {
            journal.deleted(group);
            return;
        }
        List<Member> members = value.members().stream().map(RecordWatch::member).toList();
        journal.generation(
                group,
                atMs,
                new Generation(
                        value.generation(), text(value.protocol()), text(value.leader()), members));
    }

    private static Member member(MemberMetadata member) {
        return new Member(
                member.memberId(),
                text(member.groupInstanceId()),
                member.clientId(),
                host(member.clientHost()),
                member.sessionTimeout(),
                member.rebalanceTimeout());
    }

    private void consumer(String group, @Nullable ConsumerGroupMetadataValue value) {
        if (value == null) {
            journal.deleted(group);
        } else {
            journal.epoch(group, value.epoch());
        }
    }

    private void member(
            ConsumerGroupMemberMetadataKey at,
            @Nullable ConsumerGroupMemberMetadataValue value,
            long atMs) {
        if (value == null) {
            journal.memberGone(at.groupId(), atMs, at.memberId());
            return;
        }
        Member member =
                new Member(
                        at.memberId(),
                        text(value.instanceId()),
                        value.clientId(),
                        host(value.clientHost()),
                        consumerSessionTimeoutMs,
                        value.rebalanceTimeoutMs());
        journal.member(at.groupId(), atMs, member, subscription(value));
    }

    private static String subscription(ConsumerGroupMemberMetadataValue member) {
        List<String> topics = member.subscribedTopicNames();
        if (topics.isEmpty()) {
            String regex = text(member.subscribedTopicRegex());
            return regex.isEmpty() ? "nothing" : "/" + regex + "/";
        }
        return topics.size() <= TOPICS_NAMED
                ? String.join(", ", topics)
                : String.join(", ", topics.subList(0, TOPICS_NAMED))
                        + " and "
                        + (topics.size() - TOPICS_NAMED)
                        + " more topics";
    }

    private static String text(@Nullable String value) {
        return value == null ? "" : value;
    }

    /** An address in Java's writing begins with a slash. */
    static String host(String address) {
        return address.startsWith("/") ? address.substring(1) : address;
    }
}
