package io.mlog.kafka;

import io.mlog.core.metadata.PartitionImage;
import io.mlog.model.ErrorCode;
import io.mlog.model.TopicPartition;
import io.mlog.services.BrokerService;
import io.mlog.services.OffsetFound;
import io.mlog.services.OffsetWanted;
import io.mlog.services.RecordService;
import io.mlog.services.TopicService;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.message.ListOffsetsRequestData;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsPartition;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsTopic;
import org.apache.kafka.common.message.ListOffsetsResponseData;
import org.apache.kafka.common.message.ListOffsetsResponseData.ListOffsetsPartitionResponse;
import org.apache.kafka.common.message.ListOffsetsResponseData.ListOffsetsTopicResponse;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Readable;

/**
 * ListOffsets: an offset by place or time. There is no tiered storage, so the earliest local offset
 * is the log start offset, and what asks for tiered offsets is answered with -1, "none".
 */
final class ListOffsetsHandler implements ApiHandler<ListOffsetsRequestData> {
    private static final int FIRST_WITH_EPOCHS = 4;
    private static final int NO_EPOCH = -1;
    private static final ApiVersionRange VERSIONS = ApiVersionRange.of(ApiKeys.LIST_OFFSETS, 1, 11);

    private static final long LATEST = -1;
    private static final long EARLIEST = -2;
    private static final long MAX_TIMESTAMP = -3;
    private static final long EARLIEST_LOCAL = -4;
    private static final long LATEST_TIERED = -5;
    private static final long EARLIEST_PENDING_UPLOAD = -6;

    private final RecordService records;
    private final TopicService topics;
    private final BrokerService broker;

    ListOffsetsHandler(RecordService records, TopicService topics, BrokerService broker) {
        this.broker = broker;
        this.records = records;
        this.topics = topics;
    }

    @Override
    public ApiVersionRange versions() {
        return VERSIONS;
    }

    @Override
    public ListOffsetsRequestData parse(Readable request, short version) {
        return new ListOffsetsRequestData(request, version);
    }

    @Override
    public void answer(ListOffsetsRequestData request, Call call) {
        List<CompletableFuture<ListOffsetsTopicResponse>> found =
                new ArrayList<>(request.topics().size());
        Map<String, Set<Integer>> asked = new HashMap<>();
        for (ListOffsetsTopic topic : request.topics()) {
            Set<Integer> partitions = asked.computeIfAbsent(topic.name(), name -> new HashSet<>());
            found.add(find(topic, partitions, call.version() >= FIRST_WITH_EPOCHS));
        }
        call.replyWhen(
                Outcomes.all(found)
                        .thenApply(entries -> new ListOffsetsResponseData().setTopics(entries)));
    }

    /** Finds each partition once: a look-up may read the disk. */
    private CompletableFuture<ListOffsetsTopicResponse> find(
            ListOffsetsTopic topic, Set<Integer> asked, boolean withEpochs) {
        List<CompletableFuture<ListOffsetsPartitionResponse>> found =
                new ArrayList<>(topic.partitions().size());
        for (ListOffsetsPartition partition : topic.partitions()) {
            found.add(
                    asked.add(partition.partitionIndex())
                            ? find(topic.name(), partition, withEpochs)
                            : done(partition.partitionIndex(), ErrorCode.INVALID_REQUEST));
        }
        return Outcomes.all(found)
                .thenApply(entries ->
                        new ListOffsetsTopicResponse()
                                .setName(topic.name())
                                .setPartitions(entries));
    }

    private CompletableFuture<ListOffsetsPartitionResponse> find(
            String topic, ListOffsetsPartition wanted, boolean withEpochs) {
        int index = wanted.partitionIndex();
        if (index < 0) {
            return done(index, ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
        }
        TopicPartition partition = new TopicPartition(topic, index);
        ErrorCode refusal = refusal(partition, wanted.currentLeaderEpoch());
        if (refusal != ErrorCode.NONE) {
            return done(index, refusal);
        }
        long at = wanted.timestamp();
        if (at == LATEST_TIERED || at == EARLIEST_PENDING_UPLOAD) {
            return done(index, ErrorCode.NONE);
        }
        Optional<OffsetWanted> offset = offsetWanted(at);
        return offset.isEmpty()
                ? done(index, ErrorCode.INVALID_REQUEST)
                : Outcomes.settle(
                        () -> records.findOffset(partition, offset.get()),
                        found -> found(index, found, withEpochs),
                        reason -> refused(index, reason.code()));
    }

    private static Optional<OffsetWanted> offsetWanted(long at) {
        if (at >= 0) {
            return Optional.of(new OffsetWanted.AtOrAfter(at));
        } else if (at == LATEST) {
            return Optional.of(new OffsetWanted.Latest());
        } else if (at == EARLIEST || at == EARLIEST_LOCAL) {
            return Optional.of(new OffsetWanted.Earliest());
        } else if (at == MAX_TIMESTAMP) {
            return Optional.of(new OffsetWanted.MaxTimestamp());
        }
        return Optional.empty();
    }

    /**
     * Whether the client believes in another leadership than the metadata does, or asks a broker
     * that does not lead: a follower's log may start elsewhere.
     */
    private ErrorCode refusal(TopicPartition partition, int currentLeaderEpoch) {
        Optional<PartitionImage> known = topics.metadata().partition(partition);
        if (known.isEmpty()) {
            return ErrorCode.NONE;
        }
        int ours = known.get().leaderEpoch();
        if (currentLeaderEpoch >= 0 && currentLeaderEpoch < ours) {
            return ErrorCode.FENCED_LEADER_EPOCH;
        }
        if (currentLeaderEpoch > ours) {
            return ErrorCode.UNKNOWN_LEADER_EPOCH;
        }
        return known.get().leader() == broker.brokerId() ? ErrorCode.NONE : ErrorCode.NOT_LEADER;
    }

    private static CompletableFuture<ListOffsetsPartitionResponse> done(
            int index, ErrorCode error) {
        return CompletableFuture.completedFuture(refused(index, KafkaErrors.toClients(error)));
    }

    private static ListOffsetsPartitionResponse refused(int index, short code) {
        return new ListOffsetsPartitionResponse().setPartitionIndex(index).setErrorCode(code);
    }

    private static ListOffsetsPartitionResponse found(
            int index, OffsetFound found, boolean withEpochs) {
        return new ListOffsetsPartitionResponse()
                .setPartitionIndex(index)
                .setOffset(found.offset())
                .setTimestamp(found.timestampMs())
                .setLeaderEpoch(withEpochs ? found.leaderEpoch() : NO_EPOCH);
    }
}
