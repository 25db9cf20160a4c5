package io.mlog.groups.coordinator;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestGroup;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestTopics;
import org.apache.kafka.common.message.OffsetFetchResponseData;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponseGroup;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponsePartitions;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponseTopics;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.OffsetFetchRequest;
import org.apache.kafka.common.requests.OffsetFetchResponse;
import org.apache.kafka.coordinator.group.GroupCoordinator;

/** Committed offsets of one or several groups; topics of theirs or, when null, all there are. */
final class OffsetFetches {
    private static final long NO_OFFSET = -1;

    private final GroupCoordinator coordinator;

    OffsetFetches(GroupCoordinator coordinator) {
        this.coordinator = coordinator;
    }

    CompletableFuture<OffsetFetchResponseData> answer(
            OffsetFetchRequest message, CallerContext caller, TopicDirectory topics) {
        Fetch fetch = new Fetch(message, caller, topics);
        return Futures.all(message.groups().stream().map(fetch::group).toList())
                .thenApply(groups ->
                        new OffsetFetchResponse.Builder(groups).build(message.version()).data());
    }

    /** One request. */
    private final class Fetch {
        private final boolean byId;
        private final boolean requireStable;
        private final CallerContext caller;
        private final TopicDirectory topics;

        Fetch(OffsetFetchRequest message, CallerContext caller, TopicDirectory topics) {
            this.byId = OffsetFetchRequest.useTopicIds(message.version());
            this.requireStable = message.requireStable();
            this.caller = caller;
            this.topics = topics;
        }

        CompletableFuture<OffsetFetchResponseGroup> group(OffsetFetchRequestGroup group) {
            CompletableFuture<OffsetFetchResponseGroup> answer =
                    OffsetFetchRequest.requestAllOffsets(group) ? all(group) : named(group);
            return answer.exceptionally(e ->
                    OffsetFetchResponse.groupError(
                            group, Futures.error(e), caller.requestVersion()));
        }

        private CompletableFuture<OffsetFetchResponseGroup> all(OffsetFetchRequestGroup group) {
            return coordinator
                    .fetchOffsets(caller, group, requireStable)
                    .thenApply(answer -> byId ? answer.setTopics(withIds(answer)) : answer);
        }

        /** Topics that were deleted have no id to be told by. */
        private List<OffsetFetchResponseTopics> withIds(OffsetFetchResponseGroup answer) {
            List<OffsetFetchResponseTopics> known = new ArrayList<>();
            for (OffsetFetchResponseTopics topic : answer.topics()) {
                Uuid id = topics.id(topic.name());
                if (!id.equals(Uuid.ZERO_UUID)) {
                    known.add(topic.setTopicId(id));
                }
            }
            return known;
        }

        private CompletableFuture<OffsetFetchResponseGroup> named(OffsetFetchRequestGroup group) {
            List<OffsetFetchRequestTopics> known = new ArrayList<>();
            List<OffsetFetchResponseTopics> unknown = new ArrayList<>();
            for (OffsetFetchRequestTopics topic : group.topics()) {
                if (!byId) {
                    known.add(topic.setTopicId(topics.id(topic.name())));
                } else if (topics.name(topic.topicId()).isPresent()) {
                    known.add(topic.setName(topics.name(topic.topicId()).get()));
                } else {
                    unknown.add(unknown(topic));
                }
            }
            return coordinator
                    .fetchOffsets(caller, group.duplicate().setTopics(known), requireStable)
                    .thenApply(answer -> {
                        if (answer.errorCode() == Errors.NONE.code()) {
                            answer.topics().addAll(unknown);
                        }
                        return answer;
                    });
        }
    }

    private static OffsetFetchResponseTopics unknown(OffsetFetchRequestTopics topic) {
        return new OffsetFetchResponseTopics()
                .setTopicId(topic.topicId())
                .setPartitions(
                        topic.partitionIndexes().stream()
                                .map(partition ->
                                        new OffsetFetchResponsePartitions()
                                                .setPartitionIndex(partition)
                                                .setCommittedOffset(NO_OFFSET)
                                                .setMetadata(OffsetFetchResponse.NO_METADATA)
                                                .setErrorCode(Errors.UNKNOWN_TOPIC_ID.code()))
                                .toList());
    }
}
