package io.mlog.kafka;

import io.mlog.model.OffsetAndEpoch;
import io.mlog.model.TopicId;
import io.mlog.model.TopicIdPartition;
import io.mlog.services.LeaderAnswer;
import io.mlog.services.ReplicaAsk;
import io.mlog.services.ReplicaFetchCommand;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.message.FetchRequestData.FetchTopic;
import org.apache.kafka.common.message.FetchRequestData.ReplicaState;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.FetchResponseData.EpochEndOffset;
import org.apache.kafka.common.message.FetchResponseData.FetchableTopicResponse;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.message.RequestHeaderData;
import org.apache.kafka.common.message.ResponseHeaderData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.MessageSizeAccumulator;
import org.apache.kafka.common.protocol.ObjectSerializationCache;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.jspecify.annotations.Nullable;

/**
 * A follower's side of Kafka's Fetch: its requests as frames, and its leader's answers from frames.
 * The version is fixed, since both ends are brokers of ours. Any thread; keeps nothing.
 */
public final class ReplicaFetchCodec {
    static final short VERSION = 17;

    private static final short REQUEST_HEADER_VERSION = ApiKeys.FETCH.requestHeaderVersion(VERSION);
    private static final short RESPONSE_HEADER_VERSION =
            ApiKeys.FETCH.responseHeaderVersion(VERSION);
    private static final int LENGTH_BYTES = 4;
    private static final String CLIENT_ID = "mlog-replica";

    /**
     * Most bytes of an answer that are not records: entries cost many times their bytes once
     * parsed. Enough for 60,000 of them.
     */
    private static final int MAX_STRUCTURE_BYTES = 4 << 20;

    /** Each may be of a topic of its own. */
    private static final int MAX_ELEMENTS = 120_000;

    private ReplicaFetchCodec() {}

    /** Bytes that are no answer to a replica's Fetch; the connection is of no more use. */
    public static final class MalformedAnswerException extends Exception {
        private static final long serialVersionUID = 1L;

        private final String reason;

        MalformedAnswerException(String reason, @Nullable Throwable cause) {
            super(reason, cause);
            this.reason = reason;
        }

        /** What is wrong, with the values. */
        public String reason() {
            return reason;
        }
    }

    /** One request as a whole frame, its 4 length bytes included; the caller's. */
    public static ByteBuffer request(int correlationId, ReplicaFetchCommand command) {
        RequestHeaderData header =
                new RequestHeaderData()
                        .setRequestApiKey(ApiKeys.FETCH.id)
                        .setRequestApiVersion(VERSION)
                        .setCorrelationId(correlationId)
                        .setClientId(CLIENT_ID);
        FetchRequestData body = body(command);
        ObjectSerializationCache cache = new ObjectSerializationCache();
        MessageSizeAccumulator size = new MessageSizeAccumulator();
        header.addSize(size, cache, REQUEST_HEADER_VERSION);
        body.addSize(size, cache, VERSION);
        ByteBuffer frame = ByteBuffer.allocate(LENGTH_BYTES + size.totalSize());
        frame.putInt(size.totalSize());
        ByteBufferAccessor writer = new ByteBufferAccessor(frame);
        header.write(writer, cache, REQUEST_HEADER_VERSION);
        body.write(writer, cache, VERSION);
        return frame.flip();
    }

    private static FetchRequestData body(ReplicaFetchCommand command) {
        return new FetchRequestData()
                .setReplicaState(
                        new ReplicaState()
                                .setReplicaId(command.replica().brokerId())
                                .setReplicaEpoch(command.replica().bootEpoch()))
                .setMaxWaitMs(command.maxWaitMs())
                .setMinBytes(1)
                .setMaxBytes(command.maxBytes())
                .setSessionId(command.sessionId())
                .setSessionEpoch(command.sessionEpoch())
                .setTopics(topics(command.asks()));
    }

    /** Asks of one topic that follow each other share an entry; a topic may have several. */
    private static List<FetchTopic> topics(List<ReplicaAsk> asks) {
        List<FetchTopic> topics = new ArrayList<>();
        TopicId last = null;
        for (ReplicaAsk ask : asks) {
            TopicId topicId = ask.partition().topicId();
            if (!topicId.equals(last)) {
                topics.add(new FetchTopic().setTopicId(TopicIds.uuid(topicId)));
                last = topicId;
            }
            topics.getLast()
                    .partitions()
                    .add(
                            new FetchPartition()
                                    .setPartition(ask.partition().partition())
                                    .setCurrentLeaderEpoch(ask.leaderEpoch())
                                    .setFetchOffset(ask.fetchOffset())
                                    .setLastFetchedEpoch(ask.lastFetchedEpoch())
                                    .setLogStartOffset(ask.logStartOffset())
                                    .setPartitionMaxBytes(ask.maxBytes()));
        }
        return topics;
    }

    /** Which request a frame answers. */
    public static int correlationId(ByteBuffer frame) throws MalformedAnswerException {
        if (frame.remaining() < Integer.BYTES) {
            throw new MalformedAnswerException(
                    "a frame of " + frame.remaining() + " bytes holds no correlation id", null);
        }
        return frame.getInt(frame.position());
    }

    /**
     * Reads one answer.
     *
     * @param frame without its length bytes; its position is its limit afterwards, and the records
     *     of the answer are views of it
     */
    public static LeaderAnswer answer(ByteBuffer frame) throws MalformedAnswerException {
        int sizeBytes = frame.remaining();
        FetchResponseData response;
        try {
            RequestReader reader =
                    new RequestReader(frame, MAX_STRUCTURE_BYTES, MAX_ELEMENTS, MAX_ELEMENTS);
            new ResponseHeaderData(reader, RESPONSE_HEADER_VERSION);
            response = new FetchResponseData(reader, VERSION);
        } catch (RuntimeException e) {
            throw new MalformedAnswerException(
                    sizeBytes + " bytes are no answer to a Fetch: " + e, e);
        }
        if (frame.hasRemaining()) {
            throw new MalformedAnswerException(
                    frame.remaining() + " of " + sizeBytes + " bytes follow the answer", null);
        }
        return new LeaderAnswer(
                KafkaErrors.code(response.errorCode()), response.sessionId(), entries(response));
    }

    private static List<LeaderAnswer.Entry> entries(FetchResponseData response) {
        List<LeaderAnswer.Entry> entries = new ArrayList<>();
        for (FetchableTopicResponse topic : response.responses()) {
            TopicId topicId = TopicIds.of(topic.topicId());
            for (PartitionData partition : topic.partitions()) {
                entries.add(entry(topicId, partition));
            }
        }
        return entries;
    }

    private static LeaderAnswer.Entry entry(TopicId topicId, PartitionData partition) {
        return new LeaderAnswer.Entry(
                new TopicIdPartition(topicId, partition.partitionIndex()),
                KafkaErrors.code(partition.errorCode()),
                partition.highWatermark(),
                partition.logStartOffset(),
                divergence(partition.divergingEpoch()),
                partition.records() instanceof MemoryRecords records
                        ? records.buffer()
                        : ByteBuffer.allocate(0));
    }

    private static Optional<OffsetAndEpoch> divergence(EpochEndOffset told) {
        return told.endOffset() < 0
                ? Optional.empty()
                : Optional.of(new OffsetAndEpoch(told.endOffset(), told.epoch()));
    }
}
