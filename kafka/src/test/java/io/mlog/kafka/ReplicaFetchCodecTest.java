package io.mlog.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mlog.kafka.ReplicaFetchCodec.MalformedAnswerException;
import io.mlog.model.ErrorCode;
import io.mlog.model.OffsetAndEpoch;
import io.mlog.model.TopicId;
import io.mlog.model.TopicIdPartition;
import io.mlog.services.LeaderAnswer;
import io.mlog.services.ReplicaAsk;
import io.mlog.services.ReplicaFetchCommand;
import io.mlog.services.ReplicaIdentity;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.message.FetchRequestData.FetchTopic;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.FetchResponseData.EpochEndOffset;
import org.apache.kafka.common.message.FetchResponseData.FetchableTopicResponse;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.MessageUtil;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.requests.FetchRequest;
import org.apache.kafka.common.requests.RequestHeader;
import org.apache.kafka.common.requests.ResponseHeader;
import org.junit.jupiter.api.Test;

/** Holds the follower's frames against Kafka's own request and response classes. */
final class ReplicaFetchCodecTest {
    private static final TopicId ORDERS = new TopicId(1, 2);
    private static final TopicId PAYMENTS = new TopicId(3, 4);
    private static final short VERSION = ReplicaFetchCodec.VERSION;

    @Test
    void kafkasOwnClassesReadTheRequest() {
        ReplicaAsk first = ask(ORDERS, 0, 100);
        ReplicaAsk second = ask(ORDERS, 7, 0);
        ReplicaAsk third = ask(PAYMENTS, 1, Long.MAX_VALUE);
        ByteBuffer frame =
                ReplicaFetchCodec.request(
                        42,
                        new ReplicaFetchCommand(
                                new ReplicaIdentity(3, 1_700_000_000_000L),
                                77,
                                5,
                                500,
                                8 << 20,
                                List.of(first, second, third)));

        assertThat(frame.getInt()).isEqualTo(frame.remaining());
        RequestHeader header = RequestHeader.parse(frame);
        assertThat(header.apiKey()).isEqualTo(ApiKeys.FETCH);
        assertThat(header.apiVersion()).isEqualTo(VERSION);
        assertThat(header.correlationId()).isEqualTo(42);
        FetchRequestData request =
                FetchRequest.parse(new ByteBufferAccessor(frame), VERSION).data();
        assertThat(frame.hasRemaining()).isFalse();
        assertThat(request.replicaState().replicaId()).isEqualTo(3);
        assertThat(request.replicaState().replicaEpoch()).isEqualTo(1_700_000_000_000L);
        assertThat(request.sessionId()).isEqualTo(77);
        assertThat(request.sessionEpoch()).isEqualTo(5);
        assertThat(request.maxWaitMs()).isEqualTo(500);
        assertThat(request.minBytes()).isEqualTo(1);
        assertThat(request.maxBytes()).isEqualTo(8 << 20);
        assertThat(asked(request)).containsExactly(first, second, third);
    }

    @Test
    void aRequestWithoutAsksIsSmall() {
        ByteBuffer frame =
                ReplicaFetchCodec.request(
                        1,
                        new ReplicaFetchCommand(
                                new ReplicaIdentity(1, 1), 9, 1, 500, 1, List.of()));
        assertThat(frame.remaining()).isLessThan(80);
    }

    @Test
    void whatKafkasOwnClassesWriteIsRead() throws MalformedAnswerException {
        MemoryRecords batch = Requests.batch("one", "two");
        FetchResponseData response =
                response(
                        partition(0).setHighWatermark(12).setLogStartOffset(3).setRecords(batch),
                        partition(1)
                                .setDivergingEpoch(
                                        new EpochEndOffset().setEpoch(4).setEndOffset(88)),
                        partition(2).setErrorCode(ErrorCode.FENCED_LEADER_EPOCH.kafkaCode()),
                        partition(3).setHighWatermark(9));
        response.setSessionId(77);

        ByteBuffer frame = frame(response);
        assertThat(ReplicaFetchCodec.correlationId(frame)).isEqualTo(KafkaExchange.CORRELATION_ID);
        LeaderAnswer answer = ReplicaFetchCodec.answer(frame);

        assertThat(answer.error()).isEqualTo(ErrorCode.NONE);
        assertThat(answer.sessionId()).isEqualTo(77);
        assertThat(answer.entries()).hasSize(4);
        LeaderAnswer.Entry records = answer.entries().get(0);
        assertThat(records.partition()).isEqualTo(new TopicIdPartition(ORDERS, 0));
        assertThat(records.highWatermark()).isEqualTo(12);
        assertThat(records.logStartOffset()).isEqualTo(3);
        assertThat(records.divergence()).isEmpty();
        assertThat(records.records()).isEqualTo(batch.buffer());
        assertThat(answer.entries().get(1).divergence())
                .isEqualTo(Optional.of(new OffsetAndEpoch(88, 4)));
        assertThat(answer.entries().get(2).error()).isEqualTo(ErrorCode.FENCED_LEADER_EPOCH);
        assertThat(answer.entries())
                .extracting(LeaderAnswer.Entry::endsAsk)
                .containsExactly(true, true, true, false);
    }

    @Test
    void recordsAreViewsOfTheFrame() throws MalformedAnswerException {
        ByteBuffer bytes = frame(response(partition(0).setRecords(Requests.batch("one"))));
        ByteBuffer frame = ByteBuffer.allocateDirect(bytes.remaining()).put(bytes).flip();

        ByteBuffer records = ReplicaFetchCodec.answer(frame).entries().getFirst().records();

        assertThat(records.isDirect()).isTrue();
        records.putLong(records.position(), 4711);
        frame.rewind();
        LeaderAnswer again = ReplicaFetchCodec.answer(frame);
        assertThat(again.entries().getFirst().records().getLong(0)).isEqualTo(4711);
    }

    @Test
    void everyCodeOfOursComesBackByItsNumber() throws MalformedAnswerException {
        for (ErrorCode code : ErrorCode.values()) {
            FetchResponseData response = response(partition(0).setErrorCode(code.kafkaCode()));
            LeaderAnswer answer =
                    ReplicaFetchCodec.answer(frame(response.setErrorCode(code.kafkaCode())));
            assertThat(answer.error().kafkaCode()).isEqualTo(code.kafkaCode());
            assertThat(answer.entries().getFirst().error().kafkaCode()).isEqualTo(code.kafkaCode());
        }
        FetchResponseData unknown = response().setErrorCode((short) 9999);
        assertThat(ReplicaFetchCodec.answer(frame(unknown)).error())
                .isEqualTo(ErrorCode.UNKNOWN_SERVER_ERROR);
    }

    @Test
    void everyPrefixOfAnAnswerIsRefused() {
        ByteBuffer whole =
                frame(response(partition(0).setRecords(Requests.batch("one")), partition(1)));
        for (int size = 0; size < whole.limit(); size++) {
            ByteBuffer prefix = whole.slice(0, size);
            assertThatThrownBy(() -> ReplicaFetchCodec.answer(prefix))
                    .as("%d bytes", size)
                    .isInstanceOf(MalformedAnswerException.class);
        }
    }

    @Test
    void bytesAfterTheAnswerAreRefused() {
        ByteBuffer whole = frame(response(partition(0)));
        ByteBuffer longer = ByteBuffer.allocate(whole.remaining() + 1).put(whole).rewind();
        assertThatThrownBy(() -> ReplicaFetchCodec.answer(longer))
                .isInstanceOf(MalformedAnswerException.class)
                .hasMessageContaining("1 of ");
    }

    @Test
    void garbageIsRefusedAndNeverParsedIntoMoreThanItIs() {
        Random random = new Random(7);
        ByteBuffer whole = frame(response(partition(0).setRecords(Requests.batch("one"))));
        for (int round = 0; round < 20_000; round++) {
            byte[] bytes = new byte[whole.limit()];
            whole.get(0, bytes);
            for (int flips = 1 + random.nextInt(4); flips > 0; flips--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            }
            try {
                ReplicaFetchCodec.answer(ByteBuffer.wrap(bytes));
            } catch (MalformedAnswerException refused) {
                assertThat(refused).hasMessageContaining("bytes");
            }
        }
    }

    @Test
    void anArrayThatClaimsMoreThanAnswersMayHoldIsRefused() {
        ByteBuffer frame = ByteBuffer.allocate(64 << 20);
        frame.putInt(1).put((byte) 0); // header
        frame.putInt(0).putShort((short) 0).putInt(1); // throttle, error, session
        frame.put(new byte[] {(byte) 0xff, (byte) 0xff, (byte) 0xff, 0x0f}); // topics: 33 million
        frame.rewind();
        assertThatThrownBy(() -> ReplicaFetchCodec.answer(frame))
                .isInstanceOf(MalformedAnswerException.class);
    }

    private static ReplicaAsk ask(TopicId topicId, int partition, long offset) {
        return new ReplicaAsk(new TopicIdPartition(topicId, partition), 6, offset, 5, 17, 1 << 20);
    }

    private static List<ReplicaAsk> asked(FetchRequestData request) {
        List<ReplicaAsk> asks = new ArrayList<>();
        for (FetchTopic topic : request.topics()) {
            for (FetchPartition each : topic.partitions()) {
                asks.add(
                        new ReplicaAsk(
                                new TopicIdPartition(
                                        TopicIds.of(topic.topicId()), each.partition()),
                                each.currentLeaderEpoch(),
                                each.fetchOffset(),
                                each.lastFetchedEpoch(),
                                each.logStartOffset(),
                                each.partitionMaxBytes()));
            }
        }
        return asks;
    }

    private static PartitionData partition(int index) {
        return new PartitionData().setPartitionIndex(index).setRecords(MemoryRecords.EMPTY);
    }

    private static FetchResponseData response(PartitionData... partitions) {
        return new FetchResponseData()
                .setResponses(
                        List.of(
                                new FetchableTopicResponse()
                                        .setTopicId(TopicIds.uuid(ORDERS))
                                        .setPartitions(List.of(partitions))));
    }

    /** The response as a leader would frame it, without its length bytes. */
    private static ByteBuffer frame(FetchResponseData response) {
        short headerVersion = ApiKeys.FETCH.responseHeaderVersion(VERSION);
        ByteBuffer head =
                MessageUtil.toByteBufferAccessor(
                                new ResponseHeader(KafkaExchange.CORRELATION_ID, headerVersion)
                                        .data(),
                                headerVersion)
                        .buffer();
        ByteBuffer tail = MessageUtil.toByteBufferAccessor(response, VERSION).buffer();
        return ByteBuffer.allocate(head.remaining() + tail.remaining()).put(head).put(tail).flip();
    }
}
