package io.mlog.groups.coordinator;

import io.mlog.groups.api.ParsedRequest;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.message.ConsumerGroupDescribeResponseData;
import org.apache.kafka.common.message.DescribeGroupsResponseData;
import org.apache.kafka.common.message.SyncGroupResponseData;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.ConsumerGroupDescribeRequest;
import org.apache.kafka.common.requests.ConsumerGroupHeartbeatRequest;
import org.apache.kafka.common.requests.DeleteGroupsRequest;
import org.apache.kafka.common.requests.DescribeGroupsRequest;
import org.apache.kafka.common.requests.HeartbeatRequest;
import org.apache.kafka.common.requests.JoinGroupRequest;
import org.apache.kafka.common.requests.JoinGroupResponse;
import org.apache.kafka.common.requests.LeaveGroupRequest;
import org.apache.kafka.common.requests.LeaveGroupResponse;
import org.apache.kafka.common.requests.ListGroupsRequest;
import org.apache.kafka.common.requests.OffsetCommitRequest;
import org.apache.kafka.common.requests.OffsetDeleteRequest;
import org.apache.kafka.common.requests.OffsetFetchRequest;
import org.apache.kafka.common.requests.SyncGroupRequest;
import org.apache.kafka.coordinator.group.GroupCoordinator;

/**
 * What the coordinator answers to requests of Kafka's protocol, in the shape of each request's
 * version. Any thread; keeps nothing.
 */
final class GroupAnswers {
    /** Nobody is denied anything: read, delete and describe, as Kafka numbers them. */
    private static final int ALL_OPERATIONS =
            1 << AclOperation.READ.code()
                    | 1 << AclOperation.DELETE.code()
                    | 1 << AclOperation.DESCRIBE.code();

    private final GroupCoordinator coordinator;
    private final NotedRequests requests;
    private final OffsetCommits commits;
    private final OffsetFetches fetches;
    private final Deletions deletions;

    GroupAnswers(GroupCoordinator coordinator, NotedRequests requests) {
        this.coordinator = coordinator;
        this.requests = requests;
        commits = new OffsetCommits(requests);
        fetches = new OffsetFetches(coordinator);
        deletions = new Deletions(requests);
    }

    /** The answer; the future does not fail. */
    CompletableFuture<? extends ApiMessage> answer(ParsedRequest request, TopicDirectory topics) {
        CallerContext caller =
                new CallerContext(
                        request.caller(), request.message().apiKey().id, request.version());
        return Futures.asked(() -> ask(request, caller, topics))
                .handle((answer, failure) ->
                        failure == null ? answer : request.refusal(Futures.error(failure)));
    }

    private CompletableFuture<? extends ApiMessage> ask(
            ParsedRequest request, CallerContext caller, TopicDirectory topics) {
        return switch (request.message()) {
            case OffsetCommitRequest commit -> commits.answer(commit, caller, topics);
            case HeartbeatRequest heartbeat -> requests.heartbeat(heartbeat.data(), caller);
            case ConsumerGroupHeartbeatRequest heartbeat ->
                    requests.heartbeat(heartbeat.data(), caller);
            case OffsetFetchRequest fetch -> fetches.answer(fetch, caller, topics);
            case JoinGroupRequest join -> join(join, caller);
            case SyncGroupRequest sync -> sync(sync, caller);
            case LeaveGroupRequest leave ->
                    requests.leave(leave.normalizedData(), caller)
                            .thenApply(
                                    left -> new LeaveGroupResponse(left, leave.version()).data());
            case ListGroupsRequest list -> coordinator.listGroups(caller, list.data());
            case DescribeGroupsRequest describe -> describe(describe, caller);
            case ConsumerGroupDescribeRequest describe -> describe(describe, caller);
            case DeleteGroupsRequest delete ->
                    deletions.groups(delete.data().groupsNames(), caller);
            case OffsetDeleteRequest delete -> deletions.offsets(delete.data(), caller, topics);
            default ->
                    throw new IllegalStateException(request.message().apiKey() + " has no answer");
        };
    }

    private CompletableFuture<? extends ApiMessage> join(
            JoinGroupRequest join, CallerContext caller) {
        return requests.join(join.data(), caller)
                .thenApply(joined -> new JoinGroupResponse(joined, join.version()).data());
    }

    private CompletableFuture<? extends ApiMessage> sync(
            SyncGroupRequest sync, CallerContext caller) {
        if (!sync.areMandatoryProtocolTypeAndNamePresent()) {
            return CompletableFuture.completedFuture(
                    new SyncGroupResponseData()
                            .setErrorCode(Errors.INCONSISTENT_GROUP_PROTOCOL.code()));
        }
        return requests.sync(sync.data(), caller);
    }

    private CompletableFuture<? extends ApiMessage> describe(
            DescribeGroupsRequest describe, CallerContext caller) {
        boolean operations = describe.data().includeAuthorizedOperations();
        return coordinator
                .describeGroups(caller, describe.data().groups())
                .thenApply(groups -> {
                    if (operations) {
                        groups.stream()
                                .filter(group -> group.errorCode() == Errors.NONE.code())
                                .forEach(group -> group.setAuthorizedOperations(ALL_OPERATIONS));
                    }
                    return new DescribeGroupsResponseData().setGroups(groups);
                });
    }

    private CompletableFuture<? extends ApiMessage> describe(
            ConsumerGroupDescribeRequest describe, CallerContext caller) {
        boolean operations = describe.data().includeAuthorizedOperations();
        return coordinator
                .consumerGroupDescribe(caller, describe.data().groupIds())
                .thenApply(groups -> {
                    if (operations) {
                        groups.stream()
                                .filter(group -> group.errorCode() == Errors.NONE.code())
                                .forEach(group -> group.setAuthorizedOperations(ALL_OPERATIONS));
                    }
                    return new ConsumerGroupDescribeResponseData().setGroups(groups);
                });
    }
}
