package io.mlog.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlog.core.metadata.TopicImage;
import io.mlog.model.ErrorCode;
import io.mlog.model.TopicPartition;
import io.mlog.services.FetchCommand;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.message.FetchRequestData.FetchTopic;
import org.apache.kafka.common.message.FetchRequestData.ForgottenTopic;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A consumer that fetches in a session (KIP-227), message by message. */
final class FetchSessionTest {
    private static final int NEW = 0;
    private static final int CLOSE = -1;

    private final KafkaExchange kafka = new KafkaExchange();
    private final TopicImage orders = kafka.topics.add("orders", 3);
    private final Uuid id = TopicIds.uuid(orders.id());

    @AfterEach
    void everySliceIsReleased() {
        assertThat(kafka.records.slicesOut).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {7, 11, 12, 13, 16, 18})
    void afterTheFirstRequestOnlyWhatIsNewIsAskedAndTold(int version) {
        FetchResponseData first = ask(version, 0, NEW, wants(version, 0, 1, 2));
        int session = first.sessionId();
        assertThat(session).isPositive();
        assertThat(told(first)).containsExactly(0, 1, 2);

        assertThat(told(ask(version, session, 1))).as("nothing is new").isEmpty();

        produce(1, "one");
        FetchResponseData third = ask(version, session, 2);
        assertThat(third.sessionId()).isEqualTo(session);
        assertThat(told(third)).containsExactly(1);
        assertThat(third.responses().getFirst().partitions().getFirst().records().sizeInBytes())
                .isPositive();

        assertThat(told(ask(version, session, 3, wants(version, List.of(1), 1)))).isEmpty();
        assertThat(kafka.api.fetchSessions()).isEqualTo(1);
        assertThat(kafka.api.fetchSessionPartitions()).isEqualTo(3);
    }

    @Test
    void theHighWatermarkIsToldWhenItHasChanged() {
        int session = ask(12, 0, NEW, wants(12, List.of(0, 1), 5)).sessionId();
        produce(1, "not wanted yet");

        FetchResponseData changed = ask(12, session, 1);

        assertThat(told(changed)).containsExactly(1);
        assertThat(changed.responses().getFirst().partitions().getFirst().highWatermark())
                .isEqualTo(1);
        assertThat(told(ask(12, session, 2))).isEmpty();
    }

    @Test
    void anErrorIsToldAsLongAsItLastsAndThenThatItIsOver() {
        int session = ask(12, 0, NEW, wants(12, 0, 1)).sessionId();
        kafka.records.errors.put(new TopicPartition("orders", 0), ErrorCode.NOT_LEADER);

        assertThat(told(ask(12, session, 1))).containsExactly(0);
        assertThat(told(ask(12, session, 2))).containsExactly(0);
        kafka.records.errors.clear();
        assertThat(told(ask(12, session, 3))).containsExactly(0);
        assertThat(told(ask(12, session, 4))).isEmpty();
    }

    @Test
    void aTopicThatIsGoneIsToldWithEveryAnswer() {
        int session = ask(18, 0, NEW, wants(18, 0)).sessionId();
        kafka.topics.byName.clear();

        for (int epoch = 1; epoch <= 2; epoch++) {
            FetchResponseData told = ask(18, session, epoch);
            assertThat(told.responses().getFirst().partitions().getFirst().errorCode())
                    .isEqualTo(Errors.UNKNOWN_TOPIC_ID.code());
        }
    }

    @Test
    void partitionsComeAndGo() {
        int session = ask(13, 0, NEW, wants(13, 0)).sessionId();

        assertThat(told(ask(13, session, 1, wants(13, 2)))).as("a new one").containsExactly(2);
        FetchRequestData without = request(session, 2).setForgottenTopicsData(forgets(13, 0));
        assertThat(told(ask(13, without))).isEmpty();
        produce(0, "forgotten");
        produce(2, "wanted");

        assertThat(told(ask(13, session, 3))).containsExactly(2);
        assertThat(kafka.api.fetchSessionPartitions()).isEqualTo(1);
    }

    @Test
    void aSessionThatForgetsEverythingIsOver() {
        int session = ask(12, 0, NEW, wants(12, 0)).sessionId();

        FetchResponseData last =
                ask(12, request(session, 1).setForgottenTopicsData(forgets(12, 0)));

        assertThat(last.errorCode()).isZero();
        assertThat(last.sessionId()).isZero();
        assertThat(ask(12, session, 2).errorCode())
                .isEqualTo(Errors.FETCH_SESSION_ID_NOT_FOUND.code());
        assertThat(kafka.api.fetchSessions()).isZero();
    }

    @Test
    void whoIsServedGoesToTheEndOfTheLine() {
        int session = ask(12, 0, NEW, wants(12, 0, 1, 2)).sessionId();
        produce(0, "zero");

        ask(12, session, 1);
        ask(12, session, 2);

        assertThat(kafka.records.fetches.getLast().partitions())
                .extracting(wanted -> wanted.partition().partition())
                .containsExactly(1, 2, 0);
    }

    @Test
    void whatTheClientChangesReplacesWhatItWantedBefore() {
        int session = ask(13, 0, NEW, wants(13, 0)).sessionId();

        FetchTopic moved = topic(13, partition(0, 40).setPartitionMaxBytes(7));
        moved.partitions().getFirst().setCurrentLeaderEpoch(9);
        ask(13, session, 1, moved);

        assertThat(kafka.records.fetches.getLast().partitions())
                .containsExactly(
                        new FetchCommand.PartitionFetch(
                                new TopicPartition("orders", 0), orders.id(), 40, 7, 9));
    }

    @Test
    void aRequestThatDoesNotFitItsSessionIsRefused() {
        int session = ask(12, 0, NEW, wants(12, 0)).sessionId();

        assertThat(ask(12, session, 2).errorCode())
                .isEqualTo(Errors.INVALID_FETCH_SESSION_EPOCH.code());
        assertThat(ask(12, session, -2).errorCode())
                .isEqualTo(Errors.INVALID_FETCH_SESSION_EPOCH.code());
        assertThat(ask(12, session + 1, 1).errorCode())
                .isEqualTo(Errors.FETCH_SESSION_ID_NOT_FOUND.code());
        assertThat(ask(13, session, 1).errorCode())
                .as("names and ids do not mix")
                .isEqualTo(Errors.FETCH_SESSION_TOPIC_ID_ERROR.code());
        assertThat(ask(12, session, 1).errorCode()).as("the session lives on").isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {7, 12, 18})
    void aLastRequestClosesTheSession(int version) {
        int session = ask(version, 0, NEW, wants(version, 0)).sessionId();

        FetchResponseData closed = ask(version, request(session, CLOSE).setMaxWaitMs(500));

        assertThat(closed.errorCode()).isZero();
        assertThat(closed.sessionId()).isZero();
        assertThat(closed.responses()).isEmpty();
        assertThat(kafka.api.fetchSessions()).isZero();
        assertThat(kafka.api.fetchSessionPartitions()).isZero();
    }

    @Test
    void aConnectionHasOneSessionAndTheNextOneReplacesIt() {
        int first = ask(12, 0, NEW, wants(12, 0)).sessionId();
        int second = ask(12, 0, NEW, wants(12, 1, 2)).sessionId();

        assertThat(second).isNotEqualTo(first);
        assertThat(ask(12, first, 1).errorCode())
                .isEqualTo(Errors.FETCH_SESSION_ID_NOT_FOUND.code());
        assertThat(kafka.api.fetchSessions()).isEqualTo(1);
        assertThat(kafka.api.fetchSessionPartitions()).isEqualTo(2);
    }

    @Test
    void aSessionIsItsConnectionsAndEndsWithIt() {
        int session = ask(12, 0, NEW, wants(12, 0)).sessionId();
        ByteBuffer stolen = KafkaExchange.frame(ApiKeys.FETCH, 12, request(session, 1));

        kafka.api.handle(stolen, new FakeConnection(), kafka.replies::add);
        FetchResponseData told =
                KafkaExchange.read(
                        kafka.replies.removeFirst(), ApiKeys.FETCH, 12, new FetchResponseData());
        assertThat(told.errorCode()).isEqualTo(Errors.FETCH_SESSION_ID_NOT_FOUND.code());

        kafka.connection.whenClosed.run();
        assertThat(kafka.api.fetchSessions()).isZero();
        assertThat(kafka.api.fetchSessionPartitions()).isZero();
    }

    @Test
    void anAnswerThatALaterRequestHasOvertakenIsAnErrorWithoutRecords() {
        int session = ask(12, 0, NEW, wants(12, 0)).sessionId();
        kafka.sendOnly(
                KafkaExchange.frame(ApiKeys.FETCH, 12, request(session, 1).setMaxWaitMs(500)));
        produce(0, "one");
        ask(12, session, 2);

        assertThat(kafka.records.wake()).isTrue();

        FetchResponseData late =
                KafkaExchange.read(
                        kafka.replies.removeFirst(), ApiKeys.FETCH, 12, new FetchResponseData());
        assertThat(late.errorCode()).isEqualTo(Errors.INVALID_FETCH_SESSION_EPOCH.code());
        assertThat(late.responses()).isEmpty();
    }

    @Test
    void whoOpensNoSessionIsToldEverythingAlways() {
        FetchRequestData request = request(0, CLOSE).setTopics(List.of(wants(12, 0, 1)));

        for (int round = 0; round < 2; round++) {
            FetchResponseData told = ask(12, request);
            assertThat(told.sessionId()).isZero();
            assertThat(told(told)).containsExactly(0, 1);
        }
        assertThat(kafka.api.fetchSessions()).isZero();
    }

    private void produce(int partition, String value) {
        var request = Requests.produce(9, 1, "orders", id, Requests.batch(value));
        request.topicData()
                .find("orders", Uuid.ZERO_UUID)
                .partitionData()
                .getFirst()
                .setIndex(partition);
        KafkaExchange.bytes(kafka.send(KafkaExchange.frame(ApiKeys.PRODUCE, 9, request)));
    }

    private FetchTopic wants(int version, int... partitions) {
        return wants(version, IntStream.of(partitions).boxed().toList(), 0);
    }

    private FetchTopic wants(int version, List<Integer> partitions, long offset) {
        return topic(
                version,
                partitions.stream()
                        .map(index -> partition(index, offset))
                        .toArray(FetchPartition[]::new));
    }

    private static FetchPartition partition(int index, long offset) {
        return new FetchPartition()
                .setPartition(index)
                .setFetchOffset(offset)
                .setPartitionMaxBytes(1 << 20);
    }

    private FetchTopic topic(int version, FetchPartition... partitions) {
        FetchTopic topic = new FetchTopic().setPartitions(List.of(partitions));
        return version >= 13 ? topic.setTopicId(id) : topic.setTopic("orders");
    }

    private List<ForgottenTopic> forgets(int version, Integer... partitions) {
        ForgottenTopic topic = new ForgottenTopic().setPartitions(List.of(partitions));
        return List.of(version >= 13 ? topic.setTopicId(id) : topic.setTopic("orders"));
    }

    private static FetchRequestData request(int session, int epoch) {
        return new FetchRequestData()
                .setMinBytes(1)
                .setMaxBytes(50 << 20)
                .setSessionId(session)
                .setSessionEpoch(epoch);
    }

    private FetchResponseData ask(int version, int session, int epoch, FetchTopic... topics) {
        return ask(version, request(session, epoch).setTopics(List.of(topics)));
    }

    private FetchResponseData ask(int version, FetchRequestData request) {
        return kafka.ask(ApiKeys.FETCH, version, request, new FetchResponseData());
    }

    private static List<Integer> told(FetchResponseData response) {
        assertThat(response.errorCode()).isZero();
        return response.responses().stream()
                .flatMap(topic -> topic.partitions().stream())
                .map(FetchResponseData.PartitionData::partitionIndex)
                .toList();
    }
}
