package io.mlog.groups.coordinator;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor.Assignment;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor.Subscription;
import org.apache.kafka.clients.consumer.internals.ConsumerProtocol;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.message.HeartbeatRequestData;
import org.apache.kafka.common.message.HeartbeatResponseData;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.JoinGroupRequestData.JoinGroupRequestProtocol;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.message.LeaveGroupRequestData;
import org.apache.kafka.common.message.LeaveGroupRequestData.MemberIdentity;
import org.apache.kafka.common.message.LeaveGroupResponseData;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestPartition;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestTopic;
import org.apache.kafka.common.message.OffsetCommitResponseData;
import org.apache.kafka.common.message.SyncGroupRequestData;
import org.apache.kafka.common.message.SyncGroupRequestData.SyncGroupRequestAssignment;
import org.apache.kafka.common.message.SyncGroupResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/** A member of a classic group, as a Java consumer would be one. */
final class ClassicMember {
    static final int SESSION_TIMEOUT_MS = 10_000;
    static final int REBALANCE_TIMEOUT_MS = 60_000;

    private final GroupsBroker broker;
    private final String group;
    private final @Nullable String instance;
    private String protocol = "range";
    private String memberId = "";
    private int generation = -1;

    ClassicMember(GroupsBroker broker, String group) {
        this(broker, group, null);
    }

    ClassicMember(GroupsBroker broker, String group, @Nullable String instance) {
        this.broker = broker;
        this.group = group;
        this.instance = instance;
    }

    ClassicMember cooperative() {
        protocol = "cooperative-sticky";
        return this;
    }

    String memberId() {
        return memberId;
    }

    int generation() {
        return generation;
    }

    /** The same member, which speaks to another broker now. */
    ClassicMember at(GroupsBroker other) {
        ClassicMember moved = new ClassicMember(other, group, instance);
        moved.protocol = protocol;
        moved.memberId = memberId;
        moved.generation = generation;
        return moved;
    }

    /** One JoinGroup; the answer waits for the other members. */
    CompletableFuture<JoinGroupResponseData> join() {
        return join(SESSION_TIMEOUT_MS);
    }

    CompletableFuture<JoinGroupResponseData> join(int sessionTimeoutMs) {
        JoinGroupRequestData request =
                new JoinGroupRequestData()
                        .setGroupId(group)
                        .setMemberId(memberId)
                        .setGroupInstanceId(instance)
                        .setSessionTimeoutMs(sessionTimeoutMs)
                        .setRebalanceTimeoutMs(REBALANCE_TIMEOUT_MS)
                        .setProtocolType("consumer");
        ByteBuffer subscription =
                ConsumerProtocol.serializeSubscription(new Subscription(List.of("orders")));
        request.protocols()
                .add(
                        new JoinGroupRequestProtocol()
                                .setName(protocol)
                                .setMetadata(bytes(subscription)));
        return broker.ask(ApiKeys.JOIN_GROUP, 9, request, new JoinGroupResponseData())
                .thenApply(answer -> {
                    memberId = answer.memberId();
                    generation = answer.generationId();
                    return answer;
                });
    }

    /** Joins, with the second request that a dynamic member needs. */
    CompletableFuture<JoinGroupResponseData> joinWithId() {
        if (memberId.isEmpty() && instance == null) {
            JoinGroupResponseData first = GroupsBroker.await(join());
            if (first.errorCode() != Errors.MEMBER_ID_REQUIRED.code()) {
                throw new AssertionError(first);
            }
        }
        return join();
    }

    /** Asks for its partitions; the leader says who has which. */
    CompletableFuture<SyncGroupResponseData> sync(Part... parts) {
        return broker.ask(
                ApiKeys.SYNC_GROUP,
                5,
                new SyncGroupRequestData()
                        .setGroupId(group)
                        .setMemberId(memberId)
                        .setGroupInstanceId(instance)
                        .setGenerationId(generation)
                        .setProtocolType("consumer")
                        .setProtocolName(protocol)
                        .setAssignments(List.of(parts).stream().map(Part::assignment).toList()),
                new SyncGroupResponseData());
    }

    /** What the leader gives to a member. */
    record Part(ClassicMember member, int... partitions) {
        private SyncGroupRequestAssignment assignment() {
            List<TopicPartition> assigned =
                    IntStream.of(partitions)
                            .mapToObj(partition -> new TopicPartition("orders", partition))
                            .toList();
            return new SyncGroupRequestAssignment()
                    .setMemberId(member.memberId)
                    .setAssignment(
                            bytes(ConsumerProtocol.serializeAssignment(new Assignment(assigned))));
        }
    }

    /** The partitions in an answer to {@link #sync}. */
    static List<Integer> partitions(SyncGroupResponseData answer) {
        return ConsumerProtocol.deserializeAssignment(ByteBuffer.wrap(answer.assignment()))
                .partitions()
                .stream()
                .map(TopicPartition::partition)
                .toList();
    }

    Errors heartbeat() {
        return Errors.forCode(
                GroupsBroker.await(
                                broker.ask(
                                        ApiKeys.HEARTBEAT,
                                        4,
                                        new HeartbeatRequestData()
                                                .setGroupId(group)
                                                .setMemberId(memberId)
                                                .setGroupInstanceId(instance)
                                                .setGenerationId(generation),
                                        new HeartbeatResponseData()))
                        .errorCode());
    }

    Errors commit(int partition, long offset) {
        OffsetCommitResponseData answer =
                GroupsBroker.await(
                        broker.ask(
                                ApiKeys.OFFSET_COMMIT,
                                9,
                                new OffsetCommitRequestData()
                                        .setGroupId(group)
                                        .setMemberId(memberId)
                                        .setGroupInstanceId(instance)
                                        .setGenerationIdOrMemberEpoch(generation)
                                        .setTopics(List.of(offset(partition, offset))),
                                new OffsetCommitResponseData()));
        return Errors.forCode(answer.topics().getFirst().partitions().getFirst().errorCode());
    }

    private static OffsetCommitRequestTopic offset(int partition, long offset) {
        return new OffsetCommitRequestTopic()
                .setName("orders")
                .setPartitions(
                        List.of(
                                new OffsetCommitRequestPartition()
                                        .setPartitionIndex(partition)
                                        .setCommittedOffset(offset)));
    }

    Errors leave(@Nullable String reason) {
        return Errors.forCode(
                GroupsBroker.await(
                                broker.ask(
                                        ApiKeys.LEAVE_GROUP,
                                        5,
                                        new LeaveGroupRequestData()
                                                .setGroupId(group)
                                                .setMembers(
                                                        List.of(
                                                                new MemberIdentity()
                                                                        .setMemberId(memberId)
                                                                        .setGroupInstanceId(
                                                                                instance)
                                                                        .setReason(reason))),
                                        new LeaveGroupResponseData()))
                        .members()
                        .getFirst()
                        .errorCode());
    }

    /** Makes a group of this member alone, which has all of {@code orders}. */
    ClassicMember alone() {
        GroupsBroker.await(joinWithId());
        GroupsBroker.await(sync(new Part(this, 0, 1, 2, 3)));
        return this;
    }

    private static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return bytes;
    }
}
