package io.mlog.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlog.core.metadata.TopicImage;
import io.mlog.model.ErrorCode;
import io.mlog.model.TopicPartition;
import io.mlog.services.FetchCommand;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.Record;
import org.junit.jupiter.api.Test;

final class FetchTest {
    private static final TopicPartition ORDERS = new TopicPartition("orders", 0);

    private final KafkaExchange kafka = new KafkaExchange();
    private final TopicImage orders = kafka.topics.add("orders", 1);
    private final Uuid id = TopicIds.uuid(orders.id());

    @Test
    void everyVersionReadsWhatWasProduced() {
        produce("one", "two");
        produce("three");
        for (int version = 4; version <= 18; version++) {
            FetchResponseData told = fetch(version, request(version, 0));
            assertThat(told.errorCode()).isZero();
            assertThat(told.sessionId()).as("no session is given").isZero();
            PartitionData partition = only(told);
            assertThat(partition.errorCode()).isZero();
            assertThat(partition.highWatermark()).isEqualTo(3);
            assertThat(partition.lastStableOffset()).isEqualTo(3);
            assertThat(partition.logStartOffset()).isEqualTo(version >= 5 ? 0 : -1);
            assertThat(partition.preferredReadReplica()).isEqualTo(-1);
            assertThat(values(partition)).containsExactly("one", "two", "three");
        }
        assertThat(kafka.records.slicesOut).isZero();
    }

    @Test
    void recordsAreAPartOfTheReplyAndNeverCopied() {
        produce("one");

        KafkaReply.Send reply = (KafkaReply.Send) kafka.send(frame(12, request(12, 0)));

        assertThat(reply.parts()).hasSize(3);
        assertThat(reply.parts().get(1)).isInstanceOf(ReplyPart.Records.class);
        assertThat(kafka.records.slicesOut).isEqualTo(1);
        reply.release();
        assertThat(kafka.records.slicesOut).isZero();
    }

    @Test
    void aReplyHoldsOneSliceForEachPartitionInTheRequestsOrder() {
        kafka.topics.add("orders", 3);
        produce("zero");
        produceTo(2, "two");
        FetchRequestData request = request(12, 0);
        request.topics()
                .getFirst()
                .setPartitions(List.of(partition(2), partition(1), partition(0), partition(-4)));

        FetchResponseData told = fetch(12, request);

        List<PartitionData> partitions = told.responses().getFirst().partitions();
        assertThat(partitions)
                .extracting(PartitionData::partitionIndex)
                .containsExactly(2, 1, 0, -4);
        assertThat(values(partitions.get(0))).containsExactly("two");
        assertThat(values(partitions.get(1))).isEmpty();
        assertThat(values(partitions.get(2))).containsExactly("zero");
        assertThat(partitions.get(3).errorCode()).isEqualTo((short) 3);
        assertThat(kafka.records.slicesOut).isZero();
    }

    @Test
    void limitsAndEpochsAreHandedOn() {
        FetchRequestData request = request(12, 5).setMaxWaitMs(Integer.MAX_VALUE).setMinBytes(10);
        request.setMaxBytes(Integer.MAX_VALUE)
                .topics()
                .getFirst()
                .partitions()
                .getFirst()
                .setCurrentLeaderEpoch(3)
                .setPartitionMaxBytes(-1);

        kafka.sendOnly(frame(12, request));

        FetchCommand command = kafka.records.fetches.getLast();
        assertThat(command.maxWaitMs()).isEqualTo(KafkaLimits.DEFAULTS.maxFetchWaitMs());
        assertThat(command.minBytes()).isEqualTo(10);
        assertThat(command.maxBytes()).isEqualTo(KafkaLimits.DEFAULTS.maxFetchBytes());
        assertThat(command.partitions())
                .containsExactly(FetchCommand.PartitionFetch.ofConsumer(ORDERS, 5, 0, 3));
    }

    @Test
    void aFetchThatWaitsIsAnsweredWhenItIsWoken() {
        kafka.sendOnly(frame(12, request(12, 0).setMaxWaitMs(500)));
        assertThat(kafka.replies).isEmpty();

        assertThat(kafka.records.wake()).isTrue();

        FetchResponseData told =
                KafkaExchange.read(
                        kafka.replies.getFirst(), ApiKeys.FETCH, 12, new FetchResponseData());
        assertThat(values(only(told))).isEmpty();
        assertThat(kafka.records.slicesOut).isZero();
    }

    @Test
    void whoTellsARackIsSentToAnInSyncReplicaThere() {
        kafka.topics.registerAll();
        produce("one");
        for (int version = 11; version <= 18; version++) {
            FetchResponseData told =
                    fetch(version, request(version, 0).setRackId("rack-8").setMaxWaitMs(500));

            PartitionData away = only(told);
            assertThat(away.errorCode()).isZero();
            assertThat(away.preferredReadReplica()).isEqualTo(8);
            assertThat(values(away)).isEmpty();
        }
        assertThat(kafka.records.fetches).isEmpty();
    }

    @Test
    void theLeaderIsReadWhenItIsNearOrNobodyThereHasTheOffset() {
        kafka.topics.registerAll();
        produce("one");

        assertThat(values(only(fetch(12, request(12, 0).setRackId("rack-7")))))
                .as("the leader's own rack")
                .containsExactly("one");
        assertThat(values(only(fetch(12, request(12, 0).setRackId("rack-9")))))
                .as("only a fenced broker stands there")
                .containsExactly("one");
        assertThat(only(fetch(12, request(12, 41).setRackId("rack-8"))).preferredReadReplica())
                .as("an offset that the replica does not have")
                .isEqualTo(-1);
        FetchRequestData stale = request(12, 0).setRackId("rack-8");
        stale.topics().getFirst().partitions().getFirst().setCurrentLeaderEpoch(2);
        assertThat(only(fetch(12, stale)).preferredReadReplica()).as("a stale epoch").isEqualTo(-1);
    }

    @Test
    void onlyWhoTellsARackIsServedByAFollowerAndThatIsCounted() {
        kafka.topics.add("orders", 1, 8, Map.of());
        produce("one");

        fetch(12, request(12, 0));
        assertThat(kafka.records.fetches.getLast().allowFollower()).isFalse();
        fetch(12, request(12, 0).setRackId("rack-7"));
        assertThat(kafka.records.fetches.getLast().allowFollower()).isTrue();
        assertThat(kafka.api.followerReadBytes()).isPositive();
    }

    @Test
    void aFetchThatWaitsIsGivenUpWhenItsConnectionCloses() {
        kafka.sendOnly(frame(12, request(12, 0).setMaxWaitMs(500)));

        kafka.waiting.cancel();

        assertThat(kafka.records.cancelled).isEqualTo(1);
        assertThat(kafka.replies).isEmpty();
    }

    @Test
    void whatIsRefusedHereOrWantsNothingDoesNotWait() {
        FetchRequestData unknown = request(13, 0).setMaxWaitMs(500);
        unknown.topics().getFirst().setTopicId(new Uuid(9, 9));
        assertThat(only(fetch(13, unknown)).errorCode())
                .isEqualTo(ErrorCode.UNKNOWN_TOPIC_ID.kafkaCode());

        fetch(12, request(12, 0).setMaxWaitMs(500).setMinBytes(0));
        assertThat(kafka.records.fetches.getLast().maxWaitMs()).isZero();
    }

    @Test
    void errorsOfTheServiceAreToldWithTheLeaderWhereTheVersionHasRoom() {
        kafka.topics.registerOthers();
        kafka.topics.add("orders", 1, 8, Map.of());
        kafka.records.errors.put(ORDERS, ErrorCode.NOT_LEADER);
        for (int version = 4; version <= 18; version++) {
            FetchResponseData told = fetch(version, request(version, 0));
            assertThat(only(told).errorCode()).isEqualTo((short) 6);
            assertThat(only(told).highWatermark()).isEqualTo(-1);
            assertThat(only(told).currentLeader().leaderId()).isEqualTo(version >= 12 ? 8 : -1);
            assertThat(told.nodeEndpoints()).hasSize(version >= 16 ? 1 : 0);
        }
        kafka.records.errors.put(ORDERS, ErrorCode.OFFSET_OUT_OF_RANGE);
        assertThat(only(fetch(12, request(12, 999))).errorCode()).isEqualTo((short) 1);
    }

    /** Java consumers fail for good on BROKER_NOT_AVAILABLE. */
    @Test
    void aBrokerThatStopsSendsReadersToWhoeverLeads() {
        kafka.topics.add("orders", 1);
        kafka.records.errors.put(ORDERS, ErrorCode.NOT_READY);
        for (int version = 4; version <= 18; version++) {
            assertThat(only(fetch(version, request(version, 0))).errorCode())
                    .isEqualTo(Errors.NOT_LEADER_OR_FOLLOWER.code());
        }
    }

    @Test
    void abortedTransactionsAreAnEmptyListForReadCommittedAndNullOtherwise() {
        FetchRequestData committed = request(12, 0).setIsolationLevel((byte) 1);

        assertThat(only(fetch(12, committed)).abortedTransactions()).isEmpty();
        assertThat(only(fetch(12, request(12, 0))).abortedTransactions()).isNull();
    }

    @Test
    void slicesAreReleasedWhenTheAnswerCannotBeBuilt() {
        kafka.records.failFetches = true;

        KafkaReply reply = kafka.send(frame(12, request(12, 0)));

        assertThat(KafkaExchange.closed(reply)).contains("internal error", "a broken slice");
        assertThat(kafka.records.slicesOut).isZero();
    }

    private void produce(String... values) {
        produceTo(0, values);
    }

    private void produceTo(int partition, String... values) {
        var request = Requests.produce(9, 1, "orders", id, Requests.batch(values));
        request.topicData()
                .find("orders", Uuid.ZERO_UUID)
                .partitionData()
                .getFirst()
                .setIndex(partition);
        KafkaExchange.bytes(kafka.send(KafkaExchange.frame(ApiKeys.PRODUCE, 9, request)));
    }

    private static FetchPartition partition(int index) {
        return new FetchPartition().setPartition(index).setPartitionMaxBytes(1 << 20);
    }

    private FetchRequestData request(int version, long offset) {
        return Requests.fetch(version, "orders", id, offset);
    }

    private static ByteBuffer frame(int version, FetchRequestData request) {
        return KafkaExchange.frame(ApiKeys.FETCH, version, request);
    }

    private FetchResponseData fetch(int version, FetchRequestData request) {
        return kafka.ask(ApiKeys.FETCH, version, request, new FetchResponseData());
    }

    private static PartitionData only(FetchResponseData told) {
        return told.responses().getFirst().partitions().getFirst();
    }

    private static List<String> values(PartitionData partition) {
        List<String> values = new ArrayList<>();
        for (Record record : ((MemoryRecords) partition.records()).records()) {
            record.ensureValid();
            values.add(StandardCharsets.UTF_8.decode(record.value()).toString());
        }
        return values;
    }
}
