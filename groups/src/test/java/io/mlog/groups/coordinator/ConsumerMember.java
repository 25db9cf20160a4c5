package io.mlog.groups.coordinator;

import io.mlog.model.TopicId;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatRequestData;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatRequestData.TopicPartitions;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/** A member of a KIP-848 group of one topic, as a Java consumer would be one. */
final class ConsumerMember {
    private final GroupsBroker broker;
    private final String group;
    private final String memberId;
    private final Uuid topic;
    private @Nullable String regex;
    private int epoch;
    private List<Integer> owned = List.of();

    ConsumerMember(GroupsBroker broker, String group, String memberId, TopicId topic) {
        this.broker = broker;
        this.group = group;
        this.memberId = memberId;
        this.topic = new Uuid(topic.mostSignificantBits(), topic.leastSignificantBits());
    }

    ConsumerMember matching(String expression) {
        regex = expression;
        return this;
    }

    /** The same member, which speaks to another broker now. */
    ConsumerMember at(GroupsBroker other) {
        ConsumerMember moved =
                new ConsumerMember(
                        other,
                        group,
                        memberId,
                        new TopicId(
                                topic.getMostSignificantBits(), topic.getLeastSignificantBits()));
        moved.epoch = epoch;
        moved.owned = owned;
        return moved;
    }

    int epoch() {
        return epoch;
    }

    List<Integer> owned() {
        return owned;
    }

    /** One heartbeat, with which it joins when it has not yet, and does as it is told. */
    ConsumerGroupHeartbeatResponseData heartbeat() {
        ConsumerGroupHeartbeatRequestData request =
                new ConsumerGroupHeartbeatRequestData()
                        .setGroupId(group)
                        .setMemberId(memberId)
                        .setMemberEpoch(epoch)
                        .setTopicPartitions(
                                owned.isEmpty()
                                        ? List.of()
                                        : List.of(
                                                new TopicPartitions()
                                                        .setTopicId(topic)
                                                        .setPartitions(owned)));
        if (epoch == 0) {
            request.setRebalanceTimeoutMs(30_000);
            if (regex == null) {
                request.setSubscribedTopicNames(List.of("orders"));
            } else {
                request.setSubscribedTopicRegex(regex);
            }
        }
        ConsumerGroupHeartbeatResponseData answer = GroupsBroker.await(send(request));
        if (answer.errorCode() == Errors.NONE.code()) {
            epoch = answer.memberEpoch();
            if (answer.assignment() != null) {
                List<Integer> assigned = new ArrayList<>();
                answer.assignment()
                        .topicPartitions()
                        .forEach(given -> assigned.addAll(given.partitions()));
                owned = List.copyOf(assigned);
            }
        }
        return answer;
    }

    Errors leave() {
        ConsumerGroupHeartbeatRequestData request =
                new ConsumerGroupHeartbeatRequestData()
                        .setGroupId(group)
                        .setMemberId(memberId)
                        .setMemberEpoch(-1);
        return Errors.forCode(GroupsBroker.await(send(request)).errorCode());
    }

    private CompletableFuture<ConsumerGroupHeartbeatResponseData> send(
            ConsumerGroupHeartbeatRequestData request) {
        return broker.ask(
                ApiKeys.CONSUMER_GROUP_HEARTBEAT,
                1,
                request,
                new ConsumerGroupHeartbeatResponseData());
    }
}
