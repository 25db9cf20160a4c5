package io.mlog.broker.rpc;

import io.mlog.core.metadata.BrokerImage;
import io.mlog.model.ErrorCode;
import io.mlog.model.MlogException;
import io.mlog.model.TopicPartition;
import io.mlog.protocol.DeleteGroup;
import io.mlog.protocol.DescribeGroup;
import io.mlog.protocol.GroupHeartbeat;
import io.mlog.protocol.ListGroups;
import io.mlog.services.CommittedOffset;
import io.mlog.services.GroupDescription;
import io.mlog.services.GroupEvent;
import io.mlog.services.GroupListing;
import io.mlog.services.GroupMembership;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** GroupHeartbeat, ListGroups, DescribeGroup and DeleteGroup. */
final class GroupHandler {
    private final RpcServices services;
    private final GroupAnswers groups;

    GroupHandler(RpcServices services) {
        this.services = services;
        this.groups = new GroupAnswers(services);
    }

    void heartbeat(GroupHeartbeat.Request request, Call call) {
        groups.answerWhenDone(
                call,
                request.group(),
                services.groups()
                        .heartbeat(
                                new io.mlog.services.GroupHeartbeat(
                                        request.group(),
                                        request.memberId(),
                                        request.memberEpoch(),
                                        request.rebalanceTimeoutMs(),
                                        request.topics(),
                                        request.owned(),
                                        call.caller())),
                GroupHandler::membership);
    }

    private static GroupHeartbeat.Response membership(GroupMembership membership) {
        return new GroupHeartbeat.Response(
                membership.memberEpoch(),
                membership.heartbeatIntervalMs(),
                membership.assignment());
    }

    void list(Call call) {
        call.answerWhenDone(
                services.groups().list(),
                groups ->
                        new ListGroups.Response(
                                groups.stream()
                                        .sorted(Comparator.comparing(GroupListing::group))
                                        .map(group ->
                                                new ListGroups.Group(
                                                        group.group(),
                                                        group.type(),
                                                        group.state(),
                                                        group.protocolType()))
                                        .toList()));
    }

    void describe(DescribeGroup.Request request, Call call) {
        String group = request.group();
        CompletableFuture<GroupDescription> description =
                services.groups().describe(group).thenApply(found -> existing(group, found));
        groups.answerWhenDone(
                call,
                group,
                description.thenCompose(found ->
                        services.groups()
                                .committed(group)
                                .thenCombine(
                                        services.groups().journal(group),
                                        (offsets, events) -> described(found, offsets, events))),
                answer -> answer);
    }

    private DescribeGroup.Response described(
            GroupDescription group,
            Map<TopicPartition, CommittedOffset> offsets,
            List<GroupEvent> events) {
        return new DescribeGroup.Response(
                group.listing().group(),
                selfNodeId(),
                group.listing().type(),
                group.listing().state(),
                group.listing().protocolType(),
                group.epoch(),
                group.assignor(),
                group.members().stream().map(GroupHandler::member).toList(),
                offsets.entrySet().stream()
                        .map(each ->
                                new DescribeGroup.Offset(
                                        each.getKey(),
                                        each.getValue().offset(),
                                        each.getValue().committedAtMs()))
                        .toList(),
                events.stream()
                        .map(each ->
                                new DescribeGroup.Event(
                                        each.atMs(), each.kind().name(), each.epoch(), each.what()))
                        .toList());
    }

    private static DescribeGroup.Member member(GroupDescription.Member member) {
        return new DescribeGroup.Member(
                member.memberId(),
                Optional.of(member.instanceId()).filter(id -> !id.isEmpty()),
                member.clientId(),
                member.host(),
                member.epoch(),
                member.assigned());
    }

    private String selfNodeId() {
        int self = services.broker().brokerId();
        BrokerImage registered = services.topics().metadata().brokers().get(self);
        return registered == null ? Integer.toString(self) : registered.nodeId();
    }

    void delete(DeleteGroup.Request request, Call call) {
        groups.answerWhenDone(
                call,
                request.group(),
                services.groups().delete(request.group()),
                _ -> new DeleteGroup.Response(true));
    }

    private static GroupDescription existing(String group, Optional<GroupDescription> found) {
        return found.orElseThrow(() ->
                new MlogException(
                        ErrorCode.GROUP_ID_NOT_FOUND,
                        "there is no group '%s': nobody is a member of it and nothing was committed under that name"
                                .formatted(group)));
    }
}
