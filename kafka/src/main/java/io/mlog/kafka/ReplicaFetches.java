package io.mlog.kafka;

import io.mlog.model.ErrorCode;
import io.mlog.model.OffsetAndEpoch;
import io.mlog.model.TopicId;
import io.mlog.model.TopicIdPartition;
import io.mlog.records.RecordsSlice;
import io.mlog.services.ReplicaAsk;
import io.mlog.services.ReplicaFetchCommand;
import io.mlog.services.ReplicaFetched;
import io.mlog.services.ReplicaIdentity;
import io.mlog.services.ReplicaService;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.message.FetchRequestData.FetchTopic;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.FetchResponseData.EpochEndOffset;
import org.apache.kafka.common.message.FetchResponseData.FetchableTopicResponse;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.record.internal.MemoryRecords;

/**
 * Answers the Fetch requests of other brokers' replicas. They come in sessions of our own making
 * (docs/decisions/0023), of which the service behind keeps the state: here only the words are
 * Kafka's. Thread-safe; keeps nothing.
 */
final class ReplicaFetches {
    /** The first version that tells the boot epoch of the replica's broker. */
    private static final int FIRST_WITH_BOOT_EPOCH = 15;

    private static final int NO_REPLICA = -1;

    private final ReplicaService replicas;
    private final KafkaLimits limits;

    ReplicaFetches(ReplicaService replicas, KafkaLimits limits) {
        this.replicas = replicas;
        this.limits = limits;
    }

    /** Whether a replica asks and no consumer. */
    static boolean isReplicas(FetchRequestData request) {
        return request.replicaId() > NO_REPLICA || request.replicaState().replicaId() > NO_REPLICA;
    }

    void answer(FetchRequestData request, Call call) {
        if (call.version() < FIRST_WITH_BOOT_EPOCH) {
            send(ReplicaFetched.refused(ErrorCode.CLUSTER_AUTHORIZATION_FAILED), call);
        } else if (request.sessionEpoch() < ReplicaFetchCommand.FIRST_EPOCH) {
            send(ReplicaFetched.refused(ErrorCode.INVALID_FETCH_SESSION_EPOCH), call);
        } else {
            call.waitsFor(
                    replicas.fetch(
                            command(request), fetched -> call.guard(() -> send(fetched, call))));
        }
    }

    private ReplicaFetchCommand command(FetchRequestData request) {
        return new ReplicaFetchCommand(
                new ReplicaIdentity(
                        request.replicaState().replicaId(), request.replicaState().replicaEpoch()),
                request.sessionId(),
                request.sessionEpoch(),
                Math.clamp(request.maxWaitMs(), 0, limits.maxFetchWaitMs()),
                Math.clamp(request.maxBytes(), 0, limits.maxFetchBytes()),
                asks(request));
    }

    private static List<ReplicaAsk> asks(FetchRequestData request) {
        List<ReplicaAsk> asks = new ArrayList<>();
        for (FetchTopic topic : request.topics()) {
            TopicId topicId = TopicIds.of(topic.topicId());
            for (FetchPartition partition : topic.partitions()) {
                asks.add(
                        new ReplicaAsk(
                                new TopicIdPartition(topicId, partition.partition()),
                                partition.currentLeaderEpoch(),
                                partition.fetchOffset(),
                                partition.lastFetchedEpoch(),
                                partition.logStartOffset(),
                                Math.max(0, partition.partitionMaxBytes())));
            }
        }
        return asks;
    }

    private static void send(ReplicaFetched fetched, Call call) {
        KafkaReply reply;
        try {
            reply = call.encode(response(fetched));
        } catch (RuntimeException e) {
            fetched.found().forEach(each -> each.records().release());
            throw e;
        }
        fetched.found().stream()
                .map(ReplicaFetched.Found::records)
                .filter(slice -> slice.sizeBytes() == 0)
                .forEach(RecordsSlice::release);
        call.deliver(reply);
    }

    private static FetchResponseData response(ReplicaFetched fetched) {
        List<FetchableTopicResponse> topics = new ArrayList<>();
        TopicId last = null;
        for (ReplicaFetched.Found found : fetched.found()) {
            TopicId topicId = found.partition().topicId();
            if (!topicId.equals(last)) {
                topics.add(
                        new FetchableTopicResponse()
                                .setTopicId(TopicIds.uuid(topicId))
                                .setPartitions(new ArrayList<>()));
                last = topicId;
            }
            topics.getLast().partitions().add(entry(found));
        }
        return new FetchResponseData()
                .setErrorCode(fetched.error().kafkaCode())
                .setSessionId(fetched.sessionId())
                .setResponses(topics);
    }

    private static PartitionData entry(ReplicaFetched.Found found) {
        RecordsSlice records = found.records();
        PartitionData entry =
                new PartitionData()
                        .setPartitionIndex(found.partition().partition())
                        .setErrorCode(found.error().kafkaCode())
                        .setHighWatermark(found.highWatermark())
                        .setLogStartOffset(found.logStartOffset())
                        .setAbortedTransactions(null)
                        .setRecords(
                                records.sizeBytes() == 0
                                        ? MemoryRecords.EMPTY
                                        : new SliceRecords(records));
        found.divergence().ifPresent(point -> entry.setDivergingEpoch(told(point)));
        return entry;
    }

    /** Where the logs part; to Kafka's classes an offset below 0 would mean that they do not. */
    private static EpochEndOffset told(OffsetAndEpoch divergence) {
        if (divergence.offset() < 0) {
            throw new IllegalArgumentException("logs cannot part at " + divergence);
        }
        return new EpochEndOffset()
                .setEpoch(divergence.leaderEpoch())
                .setEndOffset(divergence.offset());
    }
}
