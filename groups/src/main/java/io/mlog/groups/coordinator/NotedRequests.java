package io.mlog.groups.coordinator;

import io.mlog.groups.journal.GroupJournal;
import io.mlog.groups.journal.OffsetTable;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatRequestData;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatResponseData;
import org.apache.kafka.common.message.DeleteGroupsResponseData.DeletableGroupResultCollection;
import org.apache.kafka.common.message.HeartbeatRequestData;
import org.apache.kafka.common.message.HeartbeatResponseData;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.message.LeaveGroupRequestData;
import org.apache.kafka.common.message.LeaveGroupRequestData.MemberIdentity;
import org.apache.kafka.common.message.LeaveGroupResponseData;
import org.apache.kafka.common.message.LeaveGroupResponseData.MemberResponse;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetCommitResponseData;
import org.apache.kafka.common.message.OffsetDeleteRequestData;
import org.apache.kafka.common.message.OffsetDeleteResponseData;
import org.apache.kafka.common.message.SyncGroupRequestData;
import org.apache.kafka.common.message.SyncGroupResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.utils.internals.BufferSupplier;
import org.apache.kafka.coordinator.group.GroupCoordinator;
import org.jspecify.annotations.Nullable;

/**
 * Requests that change a group, on their way to the coordinator: what they say about why, the
 * journal is told before the records that come of them. Any thread; keeps nothing.
 */
final class NotedRequests {
    private static final int LEAVE_EPOCH = -1;
    private static final int NO_GENERATION = -1;

    private final GroupCoordinator coordinator;
    private final GroupJournal journal;

    NotedRequests(GroupCoordinator coordinator, GroupJournal journal) {
        this.coordinator = coordinator;
        this.journal = journal;
    }

    CompletableFuture<JoinGroupResponseData> join(
            JoinGroupRequestData request, CallerContext caller) {
        journal.seen(request.groupId(), request.memberId());
        String reason = reason(request);
        if (!request.memberId().isEmpty() && !reason.isEmpty()) {
            journal.joins(
                    request.groupId(),
                    "member " + request.memberId() + " (" + described(caller) + ")",
                    reason);
        }
        return coordinator.joinGroup(caller, request, BufferSupplier.NO_CACHING);
    }

    /** Why it joins; that it had to ask for its member id first is no reason. */
    private static String reason(JoinGroupRequestData request) {
        String reason = text(request.reason());
        return reason.contains("MemberIdRequired") ? "" : reason;
    }

    CompletableFuture<SyncGroupResponseData> sync(
            SyncGroupRequestData request, CallerContext caller) {
        journal.seen(request.groupId(), request.memberId());
        return coordinator.syncGroup(caller, request, BufferSupplier.NO_CACHING);
    }

    CompletableFuture<HeartbeatResponseData> heartbeat(
            HeartbeatRequestData request, CallerContext caller) {
        journal.seen(request.groupId(), request.memberId());
        return coordinator.heartbeat(caller, request);
    }

    CompletableFuture<ConsumerGroupHeartbeatResponseData> heartbeat(
            ConsumerGroupHeartbeatRequestData request, CallerContext caller) {
        if (request.memberEpoch() != LEAVE_EPOCH) {
            journal.seen(request.groupId(), request.memberId());
            return coordinator.consumerGroupHeartbeat(caller, request);
        }
        String group = request.groupId();
        journal.leaves(group, request.memberId(), text(request.instanceId()), "");
        return coordinator
                .consumerGroupHeartbeat(caller, request)
                .whenComplete((answer, failure) ->
                        journal.leaveAnswered(
                                group,
                                request.memberId(),
                                text(request.instanceId()),
                                failure == null && answer.errorCode() == Errors.NONE.code()));
    }

    CompletableFuture<LeaveGroupResponseData> leave(
            LeaveGroupRequestData request, CallerContext caller) {
        for (MemberIdentity member : request.members()) {
            journal.leaves(
                    request.groupId(),
                    member.memberId(),
                    text(member.groupInstanceId()),
                    text(member.reason()));
        }
        return coordinator
                .leaveGroup(caller, request)
                .whenComplete((answer, failure) -> leaveAnswered(request, answer));
    }

    private void leaveAnswered(
            LeaveGroupRequestData request, @Nullable LeaveGroupResponseData answer) {
        if (answer == null || answer.errorCode() != Errors.NONE.code()) {
            request.members()
                    .forEach(member ->
                            journal.leaveAnswered(
                                    request.groupId(),
                                    member.memberId(),
                                    text(member.groupInstanceId()),
                                    false));
            return;
        }
        for (MemberResponse member : answer.members()) {
            journal.leaveAnswered(
                    request.groupId(),
                    member.memberId(),
                    text(member.groupInstanceId()),
                    member.errorCode() == Errors.NONE.code());
        }
    }

    CompletableFuture<OffsetCommitResponseData> commit(
            OffsetCommitRequestData request, CallerContext caller) {
        boolean byHand =
                request.memberId().isEmpty()
                        && request.generationIdOrMemberEpoch() == NO_GENERATION;
        if ((byHand && journal.knows(request.groupId())) || setsBack(request)) {
            journal.acts(request.groupId(), described(caller), byHand);
        }
        return coordinator.commitOffsets(caller, request, BufferSupplier.NO_CACHING);
    }

    private boolean setsBack(OffsetCommitRequestData request) {
        OffsetTable offsets = journal.offsets(request.groupId());
        return request.topics().stream()
                .anyMatch(topic ->
                        topic.partitions().stream()
                                .anyMatch(partition ->
                                        partition.committedOffset()
                                                < offsets.offset(
                                                        request.groupId(),
                                                        topic.name(),
                                                        partition.partitionIndex())));
    }

    CompletableFuture<OffsetDeleteResponseData> deleteOffsets(
            OffsetDeleteRequestData request, CallerContext caller) {
        journal.acts(request.groupId(), described(caller), true);
        return coordinator.deleteOffsets(caller, request, BufferSupplier.NO_CACHING);
    }

    CompletableFuture<DeletableGroupResultCollection> deleteGroups(
            List<String> groups, CallerContext caller) {
        groups.forEach(group -> journal.acts(group, described(caller), true));
        return coordinator.deleteGroups(caller, groups, BufferSupplier.NO_CACHING);
    }

    private static String described(CallerContext caller) {
        return caller.isOurselves()
                ? "a request of mlog's own protocol"
                : "client " + caller.clientId() + " at " + caller.caller().host();
    }

    private static String text(@Nullable String value) {
        return value == null ? "" : value;
    }
}
