package io.mlog.groups.coordinator;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestPartition;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestTopic;
import org.apache.kafka.common.message.OffsetCommitResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.OffsetCommitRequest;
import org.apache.kafka.common.requests.OffsetCommitResponse;

/**
 * Commits of offsets: partitions that do not exist are answered here. Offsets are kept with their
 * topic's id whatever the client knows, so that a topic created again under the name of a deleted
 * one begins without any.
 */
final class OffsetCommits {
    private static final short FIRST_WITH_TOPIC_IDS = 10;

    private final NotedRequests requests;

    OffsetCommits(NotedRequests requests) {
        this.requests = requests;
    }

    CompletableFuture<OffsetCommitResponseData> answer(
            OffsetCommitRequest message, CallerContext caller, TopicDirectory topics) {
        boolean byId = message.version() >= FIRST_WITH_TOPIC_IDS;
        OffsetCommitRequestData request = message.data();
        OffsetCommitResponse.Builder response = OffsetCommitResponse.newBuilder(byId);
        List<OffsetCommitRequestTopic> known = new ArrayList<>();
        for (OffsetCommitRequestTopic topic : request.topics()) {
            if (byId) {
                topics.name(topic.topicId()).ifPresent(topic::setName);
            }
            if (!topics.has(topic.name())) {
                refuse(
                        response,
                        topic,
                        topic.partitions(),
                        byId ? Errors.UNKNOWN_TOPIC_ID : Errors.UNKNOWN_TOPIC_OR_PARTITION);
                continue;
            }
            OffsetCommitRequestTopic existing = existing(topic, topics, response);
            if (!existing.partitions().isEmpty()) {
                known.add(existing);
            }
        }
        if (known.isEmpty()) {
            return CompletableFuture.completedFuture(response.build().data());
        }
        return requests.commit(request.setTopics(known), caller)
                .thenApply(committed -> response.merge(committed).build().data());
    }

    private static OffsetCommitRequestTopic existing(
            OffsetCommitRequestTopic topic,
            TopicDirectory topics,
            OffsetCommitResponse.Builder response) {
        Uuid id = topics.id(topic.name());
        List<OffsetCommitRequestPartition> existing = new ArrayList<>();
        List<OffsetCommitRequestPartition> missing = new ArrayList<>();
        for (OffsetCommitRequestPartition partition : topic.partitions()) {
            (topics.has(topic.name(), partition.partitionIndex()) ? existing : missing)
                    .add(partition);
        }
        if (!missing.isEmpty()) {
            refuse(response, topic, missing, Errors.UNKNOWN_TOPIC_OR_PARTITION);
        }
        return new OffsetCommitRequestTopic()
                .setName(topic.name())
                .setTopicId(id)
                .setPartitions(existing);
    }

    private static void refuse(
            OffsetCommitResponse.Builder response,
            OffsetCommitRequestTopic topic,
            List<OffsetCommitRequestPartition> partitions,
            Errors error) {
        response.addPartitions(
                topic.topicId(),
                topic.name(),
                partitions,
                OffsetCommitRequestPartition::partitionIndex,
                error);
    }
}
