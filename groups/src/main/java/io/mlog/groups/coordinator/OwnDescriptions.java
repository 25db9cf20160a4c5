package io.mlog.groups.coordinator;

import io.mlog.groups.journal.GroupJournal;
import io.mlog.model.TopicPartition;
import io.mlog.services.GroupDescription;
import io.mlog.services.GroupListing;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.consumer.internals.ConsumerProtocol;
import org.apache.kafka.common.message.ConsumerGroupDescribeResponseData;
import org.apache.kafka.common.message.DescribeGroupsResponseData;
import org.apache.kafka.common.message.ListGroupsRequestData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.coordinator.group.GroupCoordinator;
import org.jspecify.annotations.Nullable;

/** Lists, descriptions and the deletion of groups in our own words. */
final class OwnDescriptions {
    private static final String CLASSIC = "classic";
    private static final String CONSUMER = "consumer";
    private static final int NO_EPOCH = -1;

    /** The first that says that a group does not exist, instead of calling it dead. */
    private static final short DESCRIBE_VERSION = 6;

    private static final short LIST_VERSION = 5;

    private final GroupCoordinator coordinator;
    private final NotedRequests requests;
    private final GroupJournal journal;

    OwnDescriptions(GroupCoordinator coordinator, NotedRequests requests, GroupJournal journal) {
        this.coordinator = coordinator;
        this.requests = requests;
        this.journal = journal;
    }

    CompletableFuture<List<GroupListing>> list() {
        CallerContext caller = CallerContext.ourselves(ApiKeys.LIST_GROUPS.id, LIST_VERSION);
        return Futures.asked(() -> coordinator.listGroups(caller, new ListGroupsRequestData()))
                .handle((answer, failure) -> {
                    Errors error =
                            failure == null
                                    ? Errors.forCode(answer.errorCode())
                                    : Futures.error(failure);
                    if (error != Errors.NONE) {
                        throw Refusals.of(error, "", "the list");
                    }
                    return answer.groups().stream()
                            .map(group ->
                                    new GroupListing(
                                            group.groupId(),
                                            group.groupType().toLowerCase(Locale.ROOT),
                                            group.protocolType(),
                                            group.groupState()))
                            .toList();
                });
    }

    CompletableFuture<Optional<GroupDescription>> describe(String group) {
        CallerContext caller = CallerContext.ourselves(ApiKeys.CONSUMER_GROUP_DESCRIBE.id, 1);
        return Futures.asked(() -> coordinator.consumerGroupDescribe(caller, List.of(group)))
                .exceptionally(e -> {
                    throw Refusals.of(Futures.error(e), group);
                })
                .thenCompose(answer -> {
                    ConsumerGroupDescribeResponseData.DescribedGroup described = answer.getFirst();
                    return switch (Errors.forCode(described.errorCode())) {
                        case NONE ->
                                CompletableFuture.completedFuture(Optional.of(consumer(described)));
                        case GROUP_ID_NOT_FOUND -> describeClassic(group);
                        default -> throw Refusals.of(Errors.forCode(described.errorCode()), group);
                    };
                });
    }

    private static GroupDescription consumer(
            ConsumerGroupDescribeResponseData.DescribedGroup group) {
        return new GroupDescription(
                new GroupListing(group.groupId(), CONSUMER, CONSUMER, group.groupState()),
                group.groupEpoch(),
                group.assignorName(),
                group.members().stream()
                        .map(member ->
                                new GroupDescription.Member(
                                        member.memberId(),
                                        text(member.instanceId()),
                                        member.clientId(),
                                        RecordWatch.host(member.clientHost()),
                                        member.memberEpoch(),
                                        partitions(member.assignment())))
                        .toList());
    }

    private static List<TopicPartition> partitions(
            ConsumerGroupDescribeResponseData.Assignment assignment) {
        List<TopicPartition> partitions = new ArrayList<>();
        assignment
                .topicPartitions()
                .forEach(topic ->
                        topic.partitions()
                                .forEach(partition ->
                                        partitions.add(
                                                new TopicPartition(topic.topicName(), partition))));
        return partitions;
    }

    private CompletableFuture<Optional<GroupDescription>> describeClassic(String group) {
        CallerContext caller =
                CallerContext.ourselves(ApiKeys.DESCRIBE_GROUPS.id, DESCRIBE_VERSION);
        return Futures.asked(() -> coordinator.describeGroups(caller, List.of(group)))
                .exceptionally(e -> {
                    throw Refusals.of(Futures.error(e), group);
                })
                .thenApply(answer -> {
                    DescribeGroupsResponseData.DescribedGroup described = answer.getFirst();
                    return switch (Errors.forCode(described.errorCode())) {
                        case NONE -> Optional.of(classic(described));
                        case GROUP_ID_NOT_FOUND -> Optional.empty();
                        default -> throw Refusals.of(Errors.forCode(described.errorCode()), group);
                    };
                });
    }

    private GroupDescription classic(DescribeGroupsResponseData.DescribedGroup group) {
        int generation = journal.epoch(group.groupId()).orElse(NO_EPOCH);
        boolean consumers = group.protocolType().equals(ConsumerProtocol.PROTOCOL_TYPE);
        return new GroupDescription(
                new GroupListing(
                        group.groupId(), CLASSIC, group.protocolType(), group.groupState()),
                generation,
                group.protocolData(),
                group.members().stream()
                        .map(member ->
                                new GroupDescription.Member(
                                        member.memberId(),
                                        text(member.groupInstanceId()),
                                        member.clientId(),
                                        RecordWatch.host(member.clientHost()),
                                        generation,
                                        consumers
                                                ? partitions(member.memberAssignment())
                                                : List.of()))
                        .toList());
    }

    /** What a member of a classic group reads is a matter between the members. */
    private static List<TopicPartition> partitions(byte[] assignment) {
        if (assignment.length == 0) {
            return List.of();
        }
        try {
            return ConsumerProtocol.deserializeAssignment(ByteBuffer.wrap(assignment))
                    .partitions()
                    .stream()
                    .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
                    .toList();
        } catch (RuntimeException unreadable) {
            return List.of();
        }
    }

    CompletableFuture<Void> delete(String group) {
        CallerContext caller = CallerContext.ourselves(ApiKeys.DELETE_GROUPS.id, 2);
        return Futures.asked(() -> requests.deleteGroups(List.of(group), caller))
                .handle((answer, failure) -> {
                    Errors error =
                            failure == null
                                    ? Errors.forCode(answer.iterator().next().errorCode())
                                    : Futures.error(failure);
                    if (error != Errors.NONE) {
                        throw Refusals.of(error, group);
                    }
                    return null;
                });
    }

    private static String text(@Nullable String value) {
        return value == null ? "" : value;
    }
}
