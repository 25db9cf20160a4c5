package io.mlog.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlog.model.ErrorCode;
import io.mlog.services.OffsetWanted;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.message.ListOffsetsRequestData;
import org.apache.kafka.common.message.ListOffsetsResponseData;
import org.apache.kafka.common.message.ListOffsetsResponseData.ListOffsetsPartitionResponse;
import org.apache.kafka.common.protocol.ApiKeys;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class ListOffsetsTest {
    private final KafkaExchange kafka = new KafkaExchange();

    @BeforeEach
    void createTopic() {
        kafka.topics.add("orders", 1);
    }

    @Test
    void everyVersionFindsOffsetsByPlaceAndTime() {
        for (int version = 1; version <= 11; version++) {
            assertFound(ask(version, -2), 5, -1, version);
            assertFound(ask(version, -1), 50, -1, version);
            assertFound(ask(version, -3), 40, 9999, version);
            assertFound(ask(version, -4), 5, -1, version);
            assertFound(ask(version, 1234), 30, 1235, version);
        }
        assertThat(kafka.records.offsets).contains(new OffsetWanted.AtOrAfter(1234));
    }

    @Test
    void whatIsNotThereIsMinusOneWithoutAnError() {
        for (long at : new long[] {10_000, -5, -6}) {
            ListOffsetsPartitionResponse none = ask(11, at);
            assertThat(none.errorCode()).isZero();
            assertThat(none.offset()).isEqualTo(-1);
            assertThat(none.timestamp()).isEqualTo(-1);
        }
    }

    @Test
    void aPlaceThatHasNoMeaningIsRefused() {
        assertThat(ask(11, -7).errorCode()).isEqualTo(ErrorCode.INVALID_REQUEST.kafkaCode());
        assertThat(ask(1, Long.MIN_VALUE).errorCode())
                .isEqualTo(ErrorCode.INVALID_REQUEST.kafkaCode());
    }

    @Test
    void anotherLeaderEpochThanTheMetadatasIsToldAsOldOrUnknown() {
        assertThat(codeForEpoch(2)).isEqualTo(ErrorCode.FENCED_LEADER_EPOCH.kafkaCode());
        assertThat(codeForEpoch(3)).isZero();
        assertThat(codeForEpoch(4)).isEqualTo(ErrorCode.UNKNOWN_LEADER_EPOCH.kafkaCode());
    }

    /** A follower's log may start elsewhere, and so may the one of a leader of the past. */
    @Test
    void onlyTheLeaderTellsOffsets() {
        kafka.topics.add("orders", 1, 8, Map.of());

        for (long at : new long[] {-1, -2, -3, -4, -5, 1234}) {
            assertThat(ask(11, at).errorCode()).isEqualTo(ErrorCode.NOT_LEADER.kafkaCode());
        }
        assertThat(kafka.records.offsets).isEmpty();
    }

    @Test
    void unknownPartitionsAreToldOneByOne() {
        ListOffsetsRequestData request = Requests.listOffsets("nowhere", -1);
        assertThat(only(11, request).errorCode()).isEqualTo((short) 3);
        ListOffsetsRequestData negative = Requests.listOffsets("orders", -1);
        negative.topics().getFirst().partitions().getFirst().setPartitionIndex(-9);
        assertThat(only(11, negative).errorCode()).isEqualTo((short) 3);
    }

    @Test
    void aPartitionIsLookedUpOnceInARequest() {
        ListOffsetsRequestData request = Requests.listOffsets("orders", 1234);
        request.setTopics(
                List.of(request.topics().getFirst(), request.topics().getFirst().duplicate()));

        ListOffsetsResponseData told =
                kafka.ask(ApiKeys.LIST_OFFSETS, 11, request, new ListOffsetsResponseData());

        assertThat(told.topics())
                .extracting(topic -> topic.partitions().getFirst().errorCode())
                .containsExactly((short) 0, ErrorCode.INVALID_REQUEST.kafkaCode());
        assertThat(kafka.records.offsets).hasSize(1);
    }

    private short codeForEpoch(int epoch) {
        ListOffsetsRequestData request = Requests.listOffsets("orders", -1);
        request.topics().getFirst().partitions().getFirst().setCurrentLeaderEpoch(epoch);
        return only(4, request).errorCode();
    }

    private ListOffsetsPartitionResponse ask(int version, long at) {
        return only(version, Requests.listOffsets("orders", at));
    }

    private ListOffsetsPartitionResponse only(int version, ListOffsetsRequestData request) {
        return kafka.ask(ApiKeys.LIST_OFFSETS, version, request, new ListOffsetsResponseData())
                .topics()
                .getFirst()
                .partitions()
                .getFirst();
    }

    private static void assertFound(
            ListOffsetsPartitionResponse told, long offset, long timestampMs, int version) {
        assertThat(told.errorCode()).isZero();
        assertThat(told.offset()).isEqualTo(offset);
        assertThat(told.timestamp()).isEqualTo(timestampMs);
        assertThat(told.leaderEpoch()).isEqualTo(version >= 4 ? 3 : -1);
    }
}
