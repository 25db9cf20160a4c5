package io.mlog.broker.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlog.broker.net.Eventually;
import io.mlog.model.Acks;
import io.mlog.model.ErrorCode;
import io.mlog.model.HostPort;
import io.mlog.model.KeyHash;
import io.mlog.protocol.Bytes;
import io.mlog.protocol.CreateTopic;
import io.mlog.protocol.ErrorResponse;
import io.mlog.protocol.ListTopics;
import io.mlog.protocol.NewRecord;
import io.mlog.protocol.Produce;
import io.mlog.protocol.ProduceBatch;
import io.mlog.protocol.ProducerStamp;
import io.mlog.protocol.RecordHeader;
import io.mlog.protocol.RpcResponse;
import io.mlog.records.BatchHeader;
import io.mlog.records.Codec;
import io.mlog.records.LogRecord;
import io.mlog.records.RecordReader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ProduceRpcTest {
    private RpcFixture rpc;

    @BeforeEach
    void start() throws Exception {
        rpc = RpcFixture.serving();
    }

    @AfterEach
    void stop() throws Exception {
        rpc.close();
    }

    private static Produce.Request produce(String topic, NewRecord record, Acks acks) {
        return new Produce.Request(
                topic, record, OptionalInt.empty(), acks, 1_000, Optional.empty());
    }

    private static ProduceBatch.Request batch(
            String topic, List<NewRecord> records, Optional<String> compression) {
        return new ProduceBatch.Request(
                topic,
                records,
                OptionalInt.empty(),
                Acks.ALL,
                compression,
                1_000,
                Optional.empty());
    }

    private void createTopic(String name, int partitions) throws Exception {
        rpc.call(
                new CreateTopic.Request(
                        name, OptionalInt.empty(), OptionalInt.of(partitions), Map.of()));
    }

    private static String text(LogRecord record) {
        ByteBuffer value = record.value();
        return value == null ? "null" : StandardCharsets.UTF_8.decode(value.duplicate()).toString();
    }

    @Test
    void oneRecordBecomesABatchWithTheBrokersTime() throws Exception {
        RpcResponse response =
                rpc.call(
                        produce(
                                "orders",
                                new NewRecord(
                                        Bytes.utf8("k"),
                                        Bytes.utf8("v"),
                                        List.of(new RecordHeader("h", Bytes.utf8("x")))),
                                Acks.LEADER));

        assertThat(response).isEqualTo(new Produce.Response(0, 0, RpcFixture.NOW_MS));
        ByteBuffer stored = ByteBuffer.wrap(rpc.broker.log("orders", 0).batch(0));
        assertThat(BatchHeader.producerId(stored, 0)).isEqualTo(BatchHeader.NO_PRODUCER_ID);
        LogRecord record = RecordReader.open(stored, 0, 1_000).next();
        assertThat(record.timestampMs()).isEqualTo(RpcFixture.NOW_MS);
        assertThat(text(record)).isEqualTo("v");
        assertThat(record.headers()).hasSize(1);
    }

    @ParameterizedTest
    @EnumSource(Codec.class)
    void aBatchIsStoredInTheCodecAskedFor(Codec codec) throws Exception {
        List<NewRecord> records = new java.util.ArrayList<>();
        for (int i = 0; i < 500; i++) {
            records.add(NewRecord.of("the same words again " + i));
        }

        RpcResponse response =
                rpc.call(
                        batch(
                                "lines",
                                records,
                                Optional.of(codec.name().toLowerCase(Locale.ROOT))));

        assertThat(response).isEqualTo(new ProduceBatch.Response(0, 0, 499));
        ByteBuffer stored = ByteBuffer.wrap(rpc.broker.log("lines", 0).batch(0));
        assertThat(BatchHeader.codecId(stored, 0)).isEqualTo(codec.id());
        RecordReader reader = RecordReader.open(stored, 0, 1 << 20);
        for (int i = 0; i < 500; i++) {
            assertThat(text(reader.next())).isEqualTo("the same words again " + i);
        }
    }

    @Test
    void anUnknownCodecIsRefused() throws Exception {
        assertThat(rpc.call(batch("lines", List.of(NewRecord.of("x")), Optional.of("brotli"))))
                .isEqualTo(
                        ErrorResponse.of(
                                ErrorCode.UNSUPPORTED_COMPRESSION_TYPE,
                                "compression 'brotli' is not known; use none, gzip, snappy, lz4 or"
                                        + " zstd"));
    }

    @Test
    void theProducersIdentityIsInTheBatch() throws Exception {
        rpc.call(
                new ProduceBatch.Request(
                        "lines",
                        List.of(NewRecord.of("x")),
                        OptionalInt.of(0),
                        Acks.ALL,
                        Optional.empty(),
                        1_000,
                        Optional.of(new ProducerStamp(77, (short) 2, 5))));

        ByteBuffer stored = ByteBuffer.wrap(rpc.broker.log("lines", 0).batch(0));
        assertThat(BatchHeader.producerId(stored, 0)).isEqualTo(77);
        assertThat(BatchHeader.producerEpoch(stored, 0)).isEqualTo((short) 2);
        assertThat(BatchHeader.baseSequence(stored, 0)).isEqualTo(5);
    }

    @Test
    void aKeyDecidesThePartitionAsInKafkasClients() throws Exception {
        createTopic("keyed", 7);
        for (String key : List.of("a", "b", "customer-17")) {
            Produce.Response response =
                    (Produce.Response)
                            rpc.call(produce("keyed", NewRecord.of(key, "v"), Acks.LEADER));

            assertThat(response.partition())
                    .isEqualTo(KeyHash.partition(key.getBytes(StandardCharsets.UTF_8), 7));
        }
    }

    @Test
    void recordsWithoutAKeyGoToEveryPartitionInTheEnd() throws Exception {
        createTopic("spread", 3);
        List<NewRecord> some =
                java.util.Collections.nCopies(PartitionChoice.STICKY_RECORDS, NewRecord.of("x"));
        Set<Integer> partitions = new HashSet<>();
        for (int i = 0; i < 3; i++) {
            ProduceBatch.Response response =
                    (ProduceBatch.Response) rpc.call(batch("spread", some, Optional.empty()));
            partitions.add(response.partition());
        }

        assertThat(partitions).containsExactlyInAnyOrder(0, 1, 2);
    }

    @Test
    void aPartitionThatDoesNotExistIsRefused() throws Exception {
        createTopic("small", 2);

        assertThat(
                        rpc.call(
                                new Produce.Request(
                                        "small",
                                        NewRecord.of("x"),
                                        OptionalInt.of(2),
                                        Acks.LEADER,
                                        1_000,
                                        Optional.empty())))
                .isEqualTo(
                        ErrorResponse.of(
                                ErrorCode.UNKNOWN_TOPIC_OR_PARTITION,
                                "topic small has partitions 0 to 1, there is no 2"));
    }

    @Test
    void acksZeroIsAnsweredByNothingWhateverComesOfIt() throws Exception {
        rpc.send(produce("quiet", NewRecord.of("x"), Acks.NONE));
        rpc.send(produce(FakeBroker.ELSEWHERE, NewRecord.of("x"), Acks.NONE));
        rpc.send(produce("not/a/topic", NewRecord.of("x"), Acks.NONE));

        assertThat(rpc.call(new ListTopics.Request())).isInstanceOf(ListTopics.Response.class);
        Eventually.holds("appended", () -> rpc.broker.log("quiet", 0).endOffset() == 1);
    }

    @Test
    void acksAllIsAnsweredWhenTheRecordsAreSafeAndHoldsNothingUp() throws Exception {
        createTopic("safe", 1);
        rpc.broker.parkAll = true;
        long first = rpc.send(produce("safe", NewRecord.of("x"), Acks.ALL));
        assertThat(rpc.call(new ListTopics.Request())).isInstanceOf(ListTopics.Response.class);

        rpc.broker.waitingProduces.forEach(Runnable::run);

        assertThat(rpc.receive().id()).hasValue(first);
    }

    @Test
    void requestsForATopicThatIsBeingCreatedKeepTheirOrder() throws Exception {
        for (int i = 0; i < 5; i++) {
            rpc.send(produce(FakeBroker.SLOW, NewRecord.of("before " + i), Acks.LEADER));
        }
        assertThat(rpc.call(new ListTopics.Request())).isInstanceOf(ListTopics.Response.class);
        Thread creating = Thread.ofVirtual().start(rpc.broker::createSlowTopics);
        for (int i = 0; i < 5; i++) {
            rpc.send(produce(FakeBroker.SLOW, NewRecord.of("after " + i), Acks.LEADER));
        }
        creating.join();

        for (int i = 0; i < 10; i++) {
            assertThat(rpc.receive().response()).isInstanceOf(Produce.Response.class);
        }
        for (int i = 0; i < 10; i++) {
            ByteBuffer stored = ByteBuffer.wrap(rpc.broker.log(FakeBroker.SLOW, 0).batch(i));
            assertThat(text(RecordReader.open(stored, 0, 1_000).next()))
                    .isEqualTo((i < 5 ? "before " : "after ") + i % 5);
        }
    }

    @Test
    void anUnknownTopicIsRefusedWhereTopicsAreNotCreated() throws Exception {
        rpc.broker.autoCreate = false;

        assertThat(rpc.call(produce("nowhere", NewRecord.of("x"), Acks.LEADER)))
                .isEqualTo(
                        ErrorResponse.of(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, "no topic nowhere"));
    }

    @Test
    void whoDoesNotLeadSaysWhoDoes() throws Exception {
        assertThat(rpc.call(produce(FakeBroker.ELSEWHERE, NewRecord.of("x"), Acks.LEADER)))
                .isEqualTo(
                        ErrorResponse.notLeader("node-2 leads it", new HostPort("10.0.0.2", 9094)));
    }

    @Test
    void aRefusalCarriesCodeSentenceAndWhetherToRetry() throws Exception {
        createTopic("full", 1);
        rpc.broker.produceError = ErrorCode.DISK_FULL;

        assertThat(
                        rpc.callText(
                                "{\"id\":9,\"type\":\"Produce\",\"topic\":\"full\",\"text\":\"x\"}"))
                .isEqualTo(
                        "{\"id\":9,\"type\":\"Error\",\"code\":\"DISK_FULL\",\"message\":\"as the test"
                                + " says\",\"retriable\":true}");
    }
}
