package io.mlog.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlog.kafka.ReplicaFetchCodec.MalformedAnswerException;
import io.mlog.model.ErrorCode;
import io.mlog.model.OffsetAndEpoch;
import io.mlog.model.TopicId;
import io.mlog.model.TopicIdPartition;
import io.mlog.records.RecordsSlice;
import io.mlog.services.LeaderAnswer;
import io.mlog.services.ReplicaAsk;
import io.mlog.services.ReplicaFetchCommand;
import io.mlog.services.ReplicaFetched;
import io.mlog.services.ReplicaFetched.Found;
import io.mlog.services.ReplicaIdentity;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchRequestData.ReplicaState;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.junit.jupiter.api.Test;

/** A follower's frames, written and read by its codec, against the edge of its leader. */
final class ReplicaFetchTest {
    private static final TopicIdPartition FIRST = new TopicIdPartition(new TopicId(1, 2), 0);
    private static final TopicIdPartition SECOND = new TopicIdPartition(new TopicId(1, 2), 7);
    private static final TopicIdPartition OTHER = new TopicIdPartition(new TopicId(3, 4), 1);
    private static final ReplicaFetchCommand COMMAND =
            new ReplicaFetchCommand(
                    new ReplicaIdentity(3, 1234),
                    77,
                    5,
                    500,
                    8 << 20,
                    List.of(ask(FIRST, 100), ask(OTHER, 0), ask(SECOND, Long.MAX_VALUE)));

    private final KafkaExchange kafka = new KafkaExchange();
    private int slicesOut;

    @Test
    void theServiceGetsWhatTheFollowerSent() {
        send(COMMAND);
        assertThat(kafka.replicas.commands).containsExactly(COMMAND);
        assertThat(kafka.records.fetches).as("consumers' fetches").isEmpty();
    }

    @Test
    void theFollowerGetsWhatTheServiceFound() throws MalformedAnswerException {
        kafka.replicas.answer =
                new ReplicaFetched(
                        ErrorCode.NONE,
                        77,
                        List.of(
                                found(FIRST, ErrorCode.NONE, Optional.empty(), slice(100)),
                                found(SECOND, ErrorCode.NOT_LEADER, Optional.empty(), slice(0)),
                                found(
                                        OTHER,
                                        ErrorCode.NONE,
                                        Optional.of(new OffsetAndEpoch(40, 3)),
                                        slice(0))));

        LeaderAnswer answer = answer(send(COMMAND));

        assertThat(answer.error()).isEqualTo(ErrorCode.NONE);
        assertThat(answer.sessionId()).isEqualTo(77);
        assertThat(answer.entries())
                .containsExactly(
                        entry(FIRST, ErrorCode.NONE, Optional.empty(), 100),
                        entry(SECOND, ErrorCode.NOT_LEADER, Optional.empty(), 0),
                        entry(OTHER, ErrorCode.NONE, Optional.of(new OffsetAndEpoch(40, 3)), 0));
        assertThat(slicesOut).isZero();
    }

    @Test
    void recordsAreAPartOfTheReplyAndNeverCopied() {
        kafka.replicas.answer =
                new ReplicaFetched(
                        ErrorCode.NONE,
                        77,
                        List.of(
                                found(FIRST, ErrorCode.NONE, Optional.empty(), slice(100)),
                                found(SECOND, ErrorCode.NONE, Optional.empty(), slice(0))));
        KafkaReply.Send reply = (KafkaReply.Send) send(COMMAND);
        assertThat(reply.parts()).hasSize(3);
        assertThat(reply.parts().get(1)).isInstanceOf(ReplyPart.Records.class);
        assertThat(slicesOut).as("only what is to be sent").isEqualTo(1);
        reply.release();
        assertThat(slicesOut).isZero();
    }

    @Test
    void anAnswerThatCannotBeWrittenGivesItsSlicesBack() {
        kafka.replicas.answer =
                new ReplicaFetched(
                        ErrorCode.NONE,
                        77,
                        List.of(
                                found(FIRST, ErrorCode.NONE, Optional.empty(), slice(100)),
                                found(
                                        OTHER,
                                        ErrorCode.NONE,
                                        Optional.of(new OffsetAndEpoch(-1, -1)),
                                        slice(0))));
        assertThat(KafkaExchange.closed(send(COMMAND))).contains("logs cannot part");
        assertThat(slicesOut).isZero();
    }

    @Test
    void aRefusalIsOfTheWholeRequest() throws MalformedAnswerException {
        kafka.replicas.answer = ReplicaFetched.refused(ErrorCode.STALE_BROKER_EPOCH);
        LeaderAnswer answer = answer(send(COMMAND));
        assertThat(answer.error()).isEqualTo(ErrorCode.STALE_BROKER_EPOCH);
        assertThat(answer.entries()).isEmpty();
    }

    @Test
    void aRequestMayWaitAndBeGivenUp() throws MalformedAnswerException {
        kafka.replicas.hold = true;
        kafka.sendOnly(payload(COMMAND));
        assertThat(kafka.replies).isEmpty();
        kafka.waiting.cancel();
        assertThat(kafka.replicas.cancelled).isEqualTo(1);

        kafka.sendOnly(payload(COMMAND));
        kafka.replicas.answer = new ReplicaFetched(ErrorCode.NONE, 77, List.of());
        kafka.replicas.wake();
        assertThat(answer(kafka.replies.getFirst()).sessionId()).isEqualTo(77);
    }

    @Test
    void waitAndBytesAreCutToWhatABrokerAllows() {
        ReplicaFetchCommand greedy =
                new ReplicaFetchCommand(
                        COMMAND.replica(), 77, 5, Integer.MAX_VALUE, Integer.MAX_VALUE, List.of());
        send(greedy);
        ReplicaFetchCommand taken = kafka.replicas.commands.getFirst();
        assertThat(taken.maxWaitMs()).isEqualTo(KafkaLimits.DEFAULTS.maxFetchWaitMs());
        assertThat(taken.maxBytes()).isEqualTo(KafkaLimits.DEFAULTS.maxFetchBytes());
    }

    @Test
    void aReplicaThatDoesNotTellItsBootIsRefused() {
        for (int version = 7; version < 15; version++) {
            FetchRequestData request = new FetchRequestData().setReplicaId(8).setSessionEpoch(0);
            assertThat(refusal(version, request)).isEqualTo(ErrorCode.CLUSTER_AUTHORIZATION_FAILED);
        }
        assertThat(kafka.replicas.commands).isEmpty();
    }

    @Test
    void aReplicaWithoutASessionIsRefused() {
        FetchRequestData request =
                new FetchRequestData().setReplicaState(new ReplicaState().setReplicaId(8));
        for (int version = 15; version <= 18; version++) {
            assertThat(refusal(version, request)).isEqualTo(ErrorCode.INVALID_FETCH_SESSION_EPOCH);
        }
        assertThat(kafka.replicas.commands).isEmpty();
    }

    private ErrorCode refusal(int version, FetchRequestData request) {
        FetchResponseData told =
                kafka.ask(ApiKeys.FETCH, version, request, new FetchResponseData());
        return KafkaErrors.code(told.errorCode());
    }

    private KafkaReply send(ReplicaFetchCommand command) {
        return kafka.send(payload(command));
    }

    private static ByteBuffer payload(ReplicaFetchCommand command) {
        ByteBuffer frame = ReplicaFetchCodec.request(KafkaExchange.CORRELATION_ID, command);
        return frame.position(4);
    }

    private static LeaderAnswer answer(KafkaReply reply) throws MalformedAnswerException {
        ByteBuffer frame = KafkaExchange.bytes(reply).position(4);
        assertThat(ReplicaFetchCodec.correlationId(frame)).isEqualTo(KafkaExchange.CORRELATION_ID);
        return ReplicaFetchCodec.answer(frame);
    }

    private static ReplicaAsk ask(TopicIdPartition partition, long offset) {
        return new ReplicaAsk(partition, 6, offset, 5, 17, 1 << 20);
    }

    private static Found found(
            TopicIdPartition partition,
            ErrorCode error,
            Optional<OffsetAndEpoch> divergence,
            RecordsSlice records) {
        return new Found(partition, error, 90, 10, divergence, records);
    }

    private static LeaderAnswer.Entry entry(
            TopicIdPartition partition,
            ErrorCode error,
            Optional<OffsetAndEpoch> divergence,
            int bytes) {
        return new LeaderAnswer.Entry(
                partition, error, 90, 10, divergence, ByteBuffer.allocate(bytes));
    }

    private RecordsSlice slice(int bytes) {
        slicesOut++;
        return new MemorySlice(new byte[bytes], () -> slicesOut--, false);
    }
}
