package io.mlog.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.mlog.core.metadata.TopicImage;
import io.mlog.model.Acks;
import io.mlog.model.ErrorCode;
import io.mlog.model.TopicPartition;
import io.mlog.services.ProduceCommand;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceRequestData.PartitionProduceData;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.message.ProduceResponseData.PartitionProduceResponse;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.junit.jupiter.api.Test;

final class ProduceTest {
    private static final TopicPartition ORDERS = new TopicPartition("orders", 0);

    private final KafkaExchange kafka = new KafkaExchange();
    private final TopicImage orders = kafka.topics.add("orders", 1);
    private final Uuid id = TopicIds.uuid(orders.id());

    @Test
    void everyVersionAppendsAndTellsTheBaseOffset() {
        long end = 0;
        for (int version = 3; version <= 13; version++) {
            PartitionProduceResponse told = produce(version, -1, Requests.batch("a", "b"));
            assertThat(told.errorCode()).isZero();
            assertThat(told.errorMessage()).isNull();
            assertThat(told.baseOffset()).isEqualTo(end);
            assertThat(told.logAppendTimeMs()).isEqualTo(-1);
            assertThat(told.logStartOffset()).isEqualTo(version >= 5 ? 0 : -1);
            end += 2;
        }
    }

    @Test
    void batchesReachTheLogFromTheFrameItself() {
        ByteBuffer frame = ByteBuffer.allocateDirect(4096);
        frame.put(frame(9, 1, Requests.batch("a"))).flip();
        ByteBuffer seen = frame.duplicate();
        kafka.records.logEnds.put(ORDERS, 77L);

        kafka.send(frame);

        ByteBuffer batches = kafka.records.produces.getFirst().partitions().getFirst().batches();
        assertThat(batches.isDirect()).isTrue();
        int batchAt = seen.limit() - batches.capacity();
        assertThat(seen.getLong(batchAt)).as("base offset patched in the frame").isEqualTo(77);
    }

    @Test
    void allCodecsPassThroughAsTheyAre() {
        for (Compression codec :
                List.of(
                        Compression.gzip().build(),
                        Compression.lz4().build(),
                        Compression.snappy().build(),
                        Compression.zstd().build())) {
            MemoryRecords batch = Requests.batch(codec, "abc".repeat(100));
            assertThat(produce(7, 1, batch).errorCode()).isZero();
            assertThat(last().partitions().getFirst().batches().limit())
                    .isEqualTo(batch.sizeInBytes());
        }
        PartitionProduceResponse old =
                produce(6, 1, Requests.batch(Compression.zstd().build(), "abc"));
        assertThat(old.errorCode()).isEqualTo(ErrorCode.UNSUPPORTED_COMPRESSION_TYPE.kafkaCode());
    }

    @Test
    void acksAndTimeoutAndTheNumberOfBatchesAreHandedOn() {
        produce(9, -1, Requests.batch("a"));
        assertThat(last().acks()).isEqualTo(Acks.ALL);
        assertThat(last().timeoutMs()).isEqualTo(30_000);
        assertThat(last().partitions().getFirst().maxBatches()).isEqualTo(1);
        produce(9, 1, Requests.batch("a"));
        assertThat(last().acks()).isEqualTo(Acks.LEADER);

        kafka.send(KafkaExchange.frame(ApiKeys.PRODUCE, 9, request(9, -1).setTimeoutMs(-5)));
        assertThat(last().timeoutMs()).isZero();
        kafka.send(
                KafkaExchange.frame(
                        ApiKeys.PRODUCE, 9, request(9, -1).setTimeoutMs(Integer.MAX_VALUE)));
        assertThat(last().timeoutMs()).isEqualTo(KafkaLimits.DEFAULTS.maxProduceTimeoutMs());
    }

    @Test
    void otherAcksAreRefusedWithoutAppending() {
        PartitionProduceResponse told = produce(9, 2, Requests.batch("a"));

        assertThat(told.errorCode()).isEqualTo(ErrorCode.INVALID_REQUIRED_ACKS.kafkaCode());
        assertThat(told.errorMessage()).contains("acks is 2");
        assertThat(kafka.records.produces).isEmpty();
    }

    @Test
    void acksZeroIsAnsweredBySilence() {
        KafkaReply reply = kafka.send(frame(9, 0, Requests.batch("a")));

        assertThat(reply).isEqualTo(new KafkaReply.Nothing("Produce"));
        assertThat(last().acks()).isEqualTo(Acks.NONE);
    }

    @Test
    void acksZeroTellsAnErrorByClosingTheConnection() {
        kafka.records.errors.put(ORDERS, ErrorCode.DISK_FULL);

        String reason = KafkaExchange.closed(kafka.send(frame(9, 0, Requests.batch("a"))));

        assertThat(reason).contains("acks=0", "orders-0", "DISK_FULL");
    }

    @Test
    void theAnswerWaitsUntilTheRecordServiceIsDone() {
        kafka.records.holdProduces = true;

        kafka.sendOnly(frame(9, -1, Requests.batch("a")));
        assertThat(kafka.replies).isEmpty();
        kafka.records.held.getFirst().run();

        assertThat(read(9, kafka.replies.getFirst()).baseOffset()).isZero();
    }

    @Test
    void aRefusalCarriesTheServicesCodeAndSentence() {
        kafka.records.errors.put(ORDERS, ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER);
        for (int version = 3; version <= 13; version++) {
            PartitionProduceResponse told = produce(version, -1, Requests.batch("a"));
            assertThat(told.errorCode()).isEqualTo((short) 45);
            assertThat(told.baseOffset()).isEqualTo(-1);
            assertThat(told.errorMessage())
                    .isEqualTo(version >= 8 ? "OUT_OF_ORDER_SEQUENCE_NUMBER of orders-0" : null);
        }
    }

    @Test
    void refusedAndAppendedPartitionsKeepTheRequestsOrder() {
        kafka.topics.add("orders", 3);
        ProduceRequestData request = request(9, -1);
        request.topicData()
                .find("orders", Uuid.ZERO_UUID)
                .setPartitionData(
                        List.of(
                                data(2, Requests.batch("x")),
                                data(-1, Requests.batch("x")),
                                data(1, MemoryRecords.EMPTY),
                                data(0, Requests.batch("y"))));

        ProduceResponseData told =
                kafka.ask(ApiKeys.PRODUCE, 9, request, new ProduceResponseData());

        assertThat(told.responses().find("orders", Uuid.ZERO_UUID).partitionResponses())
                .extracting(PartitionProduceResponse::index, PartitionProduceResponse::errorCode)
                .containsExactly(
                        tuple(2, (short) 0),
                        tuple(-1, (short) 3),
                        tuple(1, (short) 87),
                        tuple(0, (short) 0));
    }

    @Test
    void anUnknownTopicIdIsToldAsSuch() {
        ProduceRequestData request =
                Requests.produce(13, -1, "", new Uuid(9, 9), Requests.batch("a"));

        ProduceResponseData told =
                kafka.ask(ApiKeys.PRODUCE, 13, request, new ProduceResponseData());

        assertThat(
                        told.responses()
                                .find("", new Uuid(9, 9))
                                .partitionResponses()
                                .getFirst()
                                .errorCode())
                .isEqualTo(ErrorCode.UNKNOWN_TOPIC_ID.kafkaCode());
    }

    @Test
    void aStaleLeaderIsToldWithItsSuccessorsAddressFromVersionTenOn() {
        kafka.topics.registerOthers();
        kafka.topics.add("orders", 1, 8, Map.of());
        kafka.records.errors.put(ORDERS, ErrorCode.NOT_LEADER);
        for (int version = 3; version <= 13; version++) {
            ProduceResponseData told =
                    kafka.ask(
                            ApiKeys.PRODUCE,
                            version,
                            request(version, 1),
                            new ProduceResponseData());
            PartitionProduceResponse partition = only(version, told);
            assertThat(partition.errorCode()).isEqualTo((short) 6);
            assertThat(partition.currentLeader().leaderId()).isEqualTo(version >= 10 ? 8 : -1);
            assertThat(partition.currentLeader().leaderEpoch()).isEqualTo(version >= 10 ? 3 : -1);
            assertThat(told.nodeEndpoints()).hasSize(version >= 10 ? 1 : 0);
        }
    }

    /** Java producers give a batch up for good on BROKER_NOT_AVAILABLE. */
    @Test
    void aBrokerThatStopsSendsWritersToWhoeverLeads() {
        kafka.records.errors.put(ORDERS, ErrorCode.NOT_READY);
        assertThat(produce(13, -1, Requests.batch("a")).errorCode())
                .isEqualTo(ErrorCode.NOT_LEADER.kafkaCode());
    }

    @Test
    void aBrokerThatIsCutOffNamesNobodyAndEndsTheConnection() {
        kafka.topics.registerOthers();
        kafka.topics.add("orders", 1, 8, Map.of());
        kafka.records.errors.put(ORDERS, ErrorCode.NOT_LEADER);
        produce(13, -1, Requests.batch("a"));
        assertThat(kafka.connection.ending).as("another one leads").isFalse();

        kafka.topics.add("orders", 1, kafka.broker.brokerId(), Map.of());
        for (int version = 3; version <= 13; version++) {
            kafka.connection.ending = false;
            PartitionProduceResponse partition =
                    only(
                            version,
                            kafka.ask(
                                    ApiKeys.PRODUCE,
                                    version,
                                    request(version, 1),
                                    new ProduceResponseData()));
            assertThat(partition.errorCode()).isEqualTo(ErrorCode.NOT_LEADER.kafkaCode());
            assertThat(partition.currentLeader().leaderId()).isEqualTo(-1);
            assertThat(kafka.connection.ending).isTrue();
        }
    }

    @Test
    void transactionalAndControlAndOldFormatBatchesAreRefused() {
        MemoryRecords transactional =
                MemoryRecords.withTransactionalRecords(
                        Compression.NONE, 1L, (short) 0, 0, new SimpleRecord("a".getBytes(UTF_8)));
        MemoryRecords magic1 =
                MemoryRecords.withRecords(
                        RecordBatch.MAGIC_VALUE_V1,
                        Compression.NONE,
                        new SimpleRecord(
                                1, "0123456789abcdefghijklmnopqrstuvwxyz".getBytes(UTF_8)));

        assertThat(produce(9, -1, transactional).errorMessage()).contains("transactions");
        assertThat(produce(9, -1, magic1).errorMessage()).contains("message format 1");
        assertThat(
                        produce(9, -1, MemoryRecords.readableRecords(ByteBuffer.allocate(20)))
                                .errorCode())
                .isEqualTo(ErrorCode.CORRUPT_MESSAGE.kafkaCode());
        ProduceRequestData named = request(9, -1).setTransactionalId("tx");
        assertThat(
                        only(9, kafka.ask(ApiKeys.PRODUCE, 9, named, new ProduceResponseData()))
                                .errorMessage())
                .contains("transactional.id");
        assertThat(kafka.records.produces).isEmpty();
    }

    @Test
    void versionsBelowThreeAreRefusedInTheirOwnForm() {
        String topics = "00000001" + "0001" + "74" + "00000001" + "00000000" + "00000002" + "abcd";
        String request = "%s" + "ffff" + "0001" + "00000000" + topics;
        String partition = "00000000" + "0023" + "ffffffffffffffff";
        String reply = "00000001" + "00000001" + "0001" + "74" + "00000001" + partition;

        assertThat(hexReply("0000000000000001", request)).isEqualTo("0000001d" + reply);
        assertThat(hexReply("0000000100000001", request))
                .isEqualTo("00000021" + reply + "00000000");
        assertThat(hexReply("0000000200000001", request))
                .isEqualTo("00000029" + reply + "ffffffffffffffff" + "00000000");
        String noAcks = request.replace("ffff" + "0001", "ffff" + "0000");
        assertThat(KafkaExchange.closed(kafka.send(wire("0000000200000001", noAcks))))
                .contains("Produce", "version 2", "version 3 or later");
    }

    private String hexReply(String head, String request) {
        return KafkaExchange.hex(kafka.send(wire(head, request)));
    }

    private static ByteBuffer wire(String head, String request) {
        return ByteBuffer.wrap(HexFormat.of().parseHex(request.formatted(head)));
    }

    private static PartitionProduceData data(int index, MemoryRecords records) {
        return new PartitionProduceData().setIndex(index).setRecords(records);
    }

    private ProduceRequestData request(int version, int acks) {
        return Requests.produce(version, acks, "orders", id, Requests.batch("a"));
    }

    private ByteBuffer frame(int version, int acks, MemoryRecords batch) {
        return KafkaExchange.frame(
                ApiKeys.PRODUCE, version, Requests.produce(version, acks, "orders", id, batch));
    }

    private PartitionProduceResponse produce(int version, int acks, MemoryRecords batch) {
        return read(version, kafka.send(frame(version, acks, batch)));
    }

    private PartitionProduceResponse read(int version, KafkaReply reply) {
        return only(
                version,
                KafkaExchange.read(reply, ApiKeys.PRODUCE, version, new ProduceResponseData()));
    }

    private PartitionProduceResponse only(int version, ProduceResponseData told) {
        return told.responses()
                .find(version >= 13 ? "" : "orders", version >= 13 ? id : Uuid.ZERO_UUID)
                .partitionResponses()
                .getFirst();
    }

    private ProduceCommand last() {
        return kafka.records.produces.getLast();
    }
}
