package io.mlog.groups.coordinator;

import io.mlog.model.TopicPartition;
import io.mlog.services.GroupHeartbeat;
import io.mlog.services.GroupMembership;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatRequestData;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatRequestData.TopicPartitions;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/** Membership in our own words; every member is one of a KIP-848 group. */
final class OwnHeartbeats {
    private static final short VERSION = 1;
    private static final int JOIN_EPOCH = 0;

    /** Of a member that joins and does not say; as Kafka's consumers. */
    private static final int REBALANCE_TIMEOUT_MS = 300_000;

    private final NotedRequests requests;

    OwnHeartbeats(NotedRequests requests) {
        this.requests = requests;
    }

    CompletableFuture<GroupMembership> heartbeat(GroupHeartbeat heartbeat, TopicDirectory topics) {
        CallerContext caller =
                new CallerContext(heartbeat.caller(), ApiKeys.CONSUMER_GROUP_HEARTBEAT.id, VERSION);
        return Futures.asked(() -> requests.heartbeat(request(heartbeat, topics), caller))
                .handle((answer, failure) -> {
                    Errors error =
                            failure == null
                                    ? Errors.forCode(answer.errorCode())
                                    : Futures.error(failure);
                    if (error != Errors.NONE) {
                        throw Refusals.of(
                                error,
                                heartbeat.group(),
                                "heartbeat of member "
                                        + heartbeat.memberId()
                                        + " in epoch "
                                        + heartbeat.memberEpoch(),
                                failure == null ? answer.errorMessage() : null);
                    }
                    return membership(heartbeat, answer, topics);
                });
    }

    private static ConsumerGroupHeartbeatRequestData request(
            GroupHeartbeat heartbeat, TopicDirectory topics) {
        boolean joins = heartbeat.memberEpoch() == JOIN_EPOCH;
        int rebalanceTimeoutMs =
                joins && heartbeat.rebalanceTimeoutMs() < 0
                        ? REBALANCE_TIMEOUT_MS
                        : heartbeat.rebalanceTimeoutMs();
        return new ConsumerGroupHeartbeatRequestData()
                .setGroupId(heartbeat.group())
                .setMemberId(heartbeat.memberId())
                .setMemberEpoch(heartbeat.memberEpoch())
                .setRebalanceTimeoutMs(rebalanceTimeoutMs)
                .setSubscribedTopicNames(heartbeat.topics().orElse(null))
                .setTopicPartitions(owned(heartbeat, joins, topics));
    }

    /** A member that joins owns nothing, and has to say so. */
    private static @Nullable List<TopicPartitions> owned(
            GroupHeartbeat heartbeat, boolean joins, TopicDirectory topics) {
        if (heartbeat.owned().isEmpty()) {
            return joins ? List.of() : null;
        }
        Map<Uuid, TopicPartitions> byTopic = new LinkedHashMap<>();
        for (TopicPartition partition : heartbeat.owned().get()) {
            byTopic.computeIfAbsent(
                            topics.id(partition.topic()),
                            id -> new TopicPartitions().setTopicId(id))
                    .partitions()
                    .add(partition.partition());
        }
        byTopic.remove(Uuid.ZERO_UUID);
        return List.copyOf(byTopic.values());
    }

    private static GroupMembership membership(
            GroupHeartbeat heartbeat,
            ConsumerGroupHeartbeatResponseData answer,
            TopicDirectory topics) {
        return new GroupMembership(
                answer.memberId() == null ? heartbeat.memberId() : answer.memberId(),
                answer.memberEpoch(),
                answer.heartbeatIntervalMs(),
                Optional.ofNullable(answer.assignment())
                        .map(assignment -> partitions(assignment, topics)));
    }

    private static List<TopicPartition> partitions(
            ConsumerGroupHeartbeatResponseData.Assignment assignment, TopicDirectory topics) {
        List<TopicPartition> partitions = new ArrayList<>();
        for (ConsumerGroupHeartbeatResponseData.TopicPartitions topic :
                assignment.topicPartitions()) {
            topics.name(topic.topicId())
                    .ifPresent(name ->
                            topic.partitions()
                                    .forEach(partition ->
                                            partitions.add(new TopicPartition(name, partition))));
        }
        return partitions;
    }
}
