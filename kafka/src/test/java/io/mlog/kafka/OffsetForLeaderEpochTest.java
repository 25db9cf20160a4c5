package io.mlog.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlog.model.ErrorCode;
import io.mlog.model.TopicPartition;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData;
import org.apache.kafka.common.message.OffsetForLeaderEpochResponseData;
import org.apache.kafka.common.message.OffsetForLeaderEpochResponseData.EpochEndOffset;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class OffsetForLeaderEpochTest {
    private static final TopicPartition ORDERS = new TopicPartition("orders", 0);

    private final KafkaExchange kafka = new KafkaExchange();

    @BeforeEach
    void createTopic() {
        kafka.topics.add("orders", 1);
    }

    @Test
    void everyVersionTellsWhereAnEpochEnded() {
        for (int version = 2; version <= 4; version++) {
            EpochEndOffset told = ask(version, Requests.endOfEpoch("orders", 0, 3, 2));
            assertThat(told.errorCode()).isZero();
            assertThat(told.partition()).isZero();
            assertThat(told.leaderEpoch()).isEqualTo(2);
            assertThat(told.endOffset()).isEqualTo(20);
        }
        assertThat(kafka.records.epochsBelieved).containsExactly(3, 3, 3);
    }

    /** Byte for byte as Kafka's protocol guide has version 2. */
    @Test
    void versionTwoInBytes() {
        String request =
                "0017 0002 00001234 ffff 00000001 0006 6f7264657273 00000001"
                        + "00000000 00000003 00000002";
        byte[] bytes = HexFormat.of().parseHex(request.replace(" ", ""));

        assertThat(KafkaExchange.hex(kafka.send(ByteBuffer.wrap(bytes))))
                .isEqualTo(
                        ("0000002a 00001234 00000000 00000001 0006 6f7264657273 00000001"
                                        + "0000 00000000 00000002 0000000000000014")
                                .replace(" ", ""));
    }

    @Test
    void anEpochThatCannotHaveBeenIsMinusOneWithoutAnError() {
        EpochEndOffset told = ask(4, Requests.endOfEpoch("orders", 0, 3, 4));

        assertThat(told.errorCode()).isZero();
        assertThat(told.leaderEpoch()).isEqualTo(-1);
        assertThat(told.endOffset()).isEqualTo(-1);
    }

    @Test
    void refusalsAreToldForEachPartition() {
        assertThat(ask(4, Requests.endOfEpoch("nowhere", 0, 3, 2)).errorCode())
                .isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION.code());
        assertThat(ask(4, Requests.endOfEpoch("orders", -2, 3, 2)).errorCode())
                .isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION.code());
        for (ErrorCode error :
                List.of(
                        ErrorCode.FENCED_LEADER_EPOCH,
                        ErrorCode.UNKNOWN_LEADER_EPOCH,
                        ErrorCode.NOT_LEADER)) {
            kafka.records.errors.put(ORDERS, error);
            EpochEndOffset told = ask(4, Requests.endOfEpoch("orders", 0, 3, 2));
            assertThat(told.errorCode()).isEqualTo(error.kafkaCode());
            assertThat(told.endOffset()).isEqualTo(-1);
        }
    }

    private EpochEndOffset ask(int version, OffsetForLeaderEpochRequestData request) {
        return kafka.ask(
                        ApiKeys.OFFSET_FOR_LEADER_EPOCH,
                        version,
                        request,
                        new OffsetForLeaderEpochResponseData())
                .topics()
                .iterator()
                .next()
                .partitions()
                .getFirst();
    }
}
