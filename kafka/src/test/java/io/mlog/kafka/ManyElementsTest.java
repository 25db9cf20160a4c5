package io.mlog.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.apache.kafka.common.message.DeleteTopicsRequestData;
import org.apache.kafka.common.message.DescribeTopicPartitionsRequestData;
import org.apache.kafka.common.message.DescribeTopicPartitionsRequestData.TopicRequest;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A small frame may hold a great many array elements, and they may all be named alike, which
 * Kafka's own hash tables need cubic time for. Whatever it holds, a request is dealt with in
 * passing.
 */
final class ManyElementsTest {
    private static final int MAX = KafkaLimits.DEFAULTS.maxElements();

    /** What an event loop may be held for at most; the requests below take about a tenth of it. */
    private static final Duration IN_PASSING = Duration.ofMillis(300);

    /** What is read into hash tables has less. */
    private static final int MAX_HASHED = 256;

    private static final HexFormat HEX = HexFormat.of();

    /**
     * A request that is one array, with something before and after it.
     *
     * @param before body bytes in front of the array's length
     * @param element bytes of one element
     * @param max most elements that are read
     */
    record Shape(
            String what,
            ApiKeys api,
            int version,
            String before,
            String element,
            String after,
            int max) {
        ByteBuffer frame(int count) {
            byte[] each = HEX.parseHex(element);
            byte[] head = HEX.parseHex(before);
            byte[] tail = HEX.parseHex(after);
            boolean flexible = api.requestHeaderVersion((short) version) >= 2;
            ByteBuffer frame =
                    ByteBuffer.allocate(20 + head.length + count * each.length + tail.length);
            frame.putShort(api.id).putShort((short) version).putInt(KafkaExchange.CORRELATION_ID);
            frame.putShort((short) -1);
            if (flexible) {
                frame.put((byte) 0);
            }
            frame.put(head);
            if (flexible) {
                for (int left = count + 1; ; left >>>= 7) {
                    if (left < 0x80) {
                        frame.put((byte) left);
                        break;
                    }
                    frame.put((byte) (left | 0x80));
                }
            } else {
                frame.putInt(count);
            }
            for (int i = 0; i < count; i++) {
                frame.put(each);
            }
            return frame.put(tail).flip();
        }

        @Override
        public String toString() {
            return what;
        }
    }

    /** Every array of every API, filled with equal elements; "61" is the topic a, "62" is none. */
    static List<Shape> shapes() {
        return List.of(
                shape("topics", ApiKeys.PRODUCE, 3, "ffff 0001 00000001", "0001 62 00000000", ""),
                shape("topics", ApiKeys.PRODUCE, 0, "0001 00000001", "0001 62 00000000", ""),
                shape("topics", ApiKeys.PRODUCE, 9, "00 0001 00000001", "02 62 01 00", "00"),
                shape(
                        "topics",
                        ApiKeys.PRODUCE,
                        13,
                        "00 0001 00000001",
                        "00".repeat(16) + "01 00",
                        "00"),
                shape(
                        "partitions",
                        ApiKeys.PRODUCE,
                        3,
                        "ffff 0001 00000001 00000001 0001 61",
                        "00000000 ffffffff",
                        ""),
                shape("names", ApiKeys.METADATA, 4, "", "0000", "00"),
                shape("known names", ApiKeys.METADATA, 4, "", "0001 61", "00"),
                shape("wrong names", ApiKeys.METADATA, 4, "", "0001 20", "01"),
                shape("unknown names", ApiKeys.METADATA, 4, "", "0001 62", "01"),
                shape("ids", ApiKeys.METADATA, 12, "", "07".repeat(16) + "00 00", "00 00 00"),
                shape(
                        "partitions",
                        ApiKeys.FETCH,
                        4,
                        "ffffffff 00000000 00000001 00100000 00 00000001 0001 61",
                        "00000000 0000000000000000 00000001",
                        ""),
                shape(
                        "forgotten topics",
                        ApiKeys.FETCH,
                        7,
                        "ffffffff 00000000 00000001 00100000 00 00000000 ffffffff 00000000",
                        "0001 61 00000000",
                        ""),
                shape(
                        "partitions",
                        ApiKeys.LIST_OFFSETS,
                        1,
                        "ffffffff 00000001 0001 61",
                        "00000000 0000000000000005",
                        ""),
                shape("topics", ApiKeys.LIST_OFFSETS, 1, "ffffffff", "0001 61 00000000", ""),
                shape(
                        "topics",
                        ApiKeys.CREATE_TOPICS,
                        2,
                        "",
                        "0001 62 00000001 0001 00000000 00000000",
                        "00000001 01"),
                shape(
                        "assignments",
                        ApiKeys.CREATE_TOPICS,
                        2,
                        "00000001 0001 62 ffffffff ffff",
                        "00000000 00000000",
                        "00000000 00000001 01"),
                shape(
                        "configs",
                        ApiKeys.CREATE_TOPICS,
                        2,
                        "00000001 0001 62 00000001 0001 00000000",
                        "0001 63 0001 64",
                        "00000001 01"),
                shape("names", ApiKeys.DELETE_TOPICS, 1, "", "0001 62", "00000001"),
                shape(
                        "topics",
                        ApiKeys.DELETE_TOPICS,
                        6,
                        "",
                        "00".repeat(17) + "00",
                        "00000001 00"),
                shape("topics", ApiKeys.ELECT_LEADERS, 1, "00", "0001 62 00000000", "00000001"),
                shape(
                        "partitions",
                        ApiKeys.ELECT_LEADERS,
                        1,
                        "00 00000001 0001 61",
                        "00000000",
                        "00000001"),
                shape(
                        "topics",
                        ApiKeys.ALTER_PARTITION_REASSIGNMENTS,
                        0,
                        "00000001",
                        "02 62 01 00",
                        "00"),
                shape(
                        "partitions",
                        ApiKeys.ALTER_PARTITION_REASSIGNMENTS,
                        0,
                        "00000001 02 02 61",
                        "00000000 00 00",
                        "00 00"),
                shape(
                        "replicas",
                        ApiKeys.ALTER_PARTITION_REASSIGNMENTS,
                        0,
                        "00000001 02 02 61 02 00000000",
                        "00000001",
                        "00 00 00"),
                shape(
                        "topics",
                        ApiKeys.LIST_PARTITION_REASSIGNMENTS,
                        0,
                        "00000001",
                        "02 62 01 00",
                        "00"),
                shape(
                        "partitions",
                        ApiKeys.LIST_PARTITION_REASSIGNMENTS,
                        0,
                        "00000001 02 02 61",
                        "00000000",
                        "00 00"),
                shape("topics", ApiKeys.DELETE_RECORDS, 0, "", "0001 62 00000000", "00000001"),
                shape(
                        "partitions",
                        ApiKeys.DELETE_RECORDS,
                        0,
                        "00000001 0001 61",
                        "00000000 0000000000000000",
                        "00000001"),
                shape("topics", ApiKeys.DESCRIBE_CONFIGS, 1, "", "02 0001 61 ffffffff", "01"),
                shape("brokers", ApiKeys.DESCRIBE_CONFIGS, 1, "", "04 0001 37 ffffffff", "01"),
                shape("names", ApiKeys.DESCRIBE_CONFIGS, 1, "00000001 02 0001 61", "0001 62", "01"),
                shape("resources", ApiKeys.ALTER_CONFIGS, 0, "", "02 0001 62 00000000", "01"),
                shape(
                        "configs",
                        ApiKeys.ALTER_CONFIGS,
                        0,
                        "00000001 02 0001 61",
                        "0001 62 0001 63",
                        "01"),
                shape(
                        "resources",
                        ApiKeys.INCREMENTAL_ALTER_CONFIGS,
                        0,
                        "",
                        "02 0001 62 00000000",
                        "01"),
                shape(
                        "configs",
                        ApiKeys.INCREMENTAL_ALTER_CONFIGS,
                        0,
                        "00000001 02 0001 61",
                        "0001 62 00 0001 63",
                        "01"),
                shape(
                        "topics",
                        ApiKeys.CREATE_PARTITIONS,
                        0,
                        "",
                        "0001 62 00000002 ffffffff",
                        "00000001 01"),
                shape(
                        "assignments",
                        ApiKeys.CREATE_PARTITIONS,
                        0,
                        "00000001 0001 61 00000002",
                        "00000000",
                        "00000001 01"),
                shape("topics", ApiKeys.OFFSET_FOR_LEADER_EPOCH, 2, "", "0001 62 00000000", ""),
                shape(
                        "partitions",
                        ApiKeys.OFFSET_FOR_LEADER_EPOCH,
                        2,
                        "00000001 0001 61",
                        "00000000 ffffffff 00000001",
                        ""),
                shape("topics", ApiKeys.DESCRIBE_LOG_DIRS, 1, "", "0001 62 00000000", ""),
                shape(
                        "partitions",
                        ApiKeys.DESCRIBE_LOG_DIRS,
                        1,
                        "00000001 0001 61",
                        "00000000",
                        ""),
                shape("topics", ApiKeys.DESCRIBE_PRODUCERS, 0, "", "02 62 01 00", "00"),
                shape("partitions", ApiKeys.DESCRIBE_PRODUCERS, 0, "02 02 61", "00000000", "00 00"),
                shape("types", ApiKeys.LIST_CONFIG_RESOURCES, 1, "", "02", "00"),
                shape(
                        "names",
                        ApiKeys.DESCRIBE_TOPIC_PARTITIONS,
                        0,
                        "",
                        "02 62 00",
                        "00000001 ff 00"),
                shape("groups", ApiKeys.FIND_COORDINATOR, 4, "00", "02 62", "00"),
                shape(
                        "protocols",
                        ApiKeys.JOIN_GROUP,
                        0,
                        "0001 61 00001000 0000 0001 62",
                        "0001 62 00000000",
                        "",
                        MAX_HASHED),
                shape(
                        "topics",
                        ApiKeys.OFFSET_COMMIT,
                        2,
                        "0001 61 ffffffff 0000 ffffffffffffffff",
                        "0001 62 00000000",
                        ""),
                shape(
                        "topics",
                        ApiKeys.OFFSET_DELETE,
                        0,
                        "0001 61",
                        "0001 62 00000000",
                        "",
                        MAX_HASHED),
                shape(
                        "partitions",
                        ApiKeys.OFFSET_DELETE,
                        0,
                        "0001 61 00000001 0001 62",
                        "00000000",
                        ""),
                shape("topics", ApiKeys.OFFSET_FETCH, 1, "0001 61", "0001 62 00000000", ""),
                shape("members", ApiKeys.LEAVE_GROUP, 3, "0001 61", "0001 62 ffff", ""),
                shape(
                        "assignments",
                        ApiKeys.SYNC_GROUP,
                        0,
                        "0001 61 00000001 0001 62",
                        "0001 62 00000000",
                        ""),
                shape("groups", ApiKeys.DESCRIBE_GROUPS, 0, "", "0001 62", ""),
                shape("states", ApiKeys.LIST_GROUPS, 4, "", "02 62", "00"),
                shape("groups", ApiKeys.DELETE_GROUPS, 0, "", "0001 62", ""),
                shape(
                        "topics",
                        ApiKeys.CONSUMER_GROUP_HEARTBEAT,
                        0,
                        "02 61 02 62 00000000 00 00 ffffffff",
                        "02 62",
                        "00 00 00"),
                shape("groups", ApiKeys.CONSUMER_GROUP_DESCRIBE, 0, "", "02 62", "00 00"));
    }

    private static Shape shape(
            String what, ApiKeys api, int version, String before, String element, String after) {
        return shape(what, api, version, before, element, after, MAX);
    }

    private static Shape shape(
            String what,
            ApiKeys api,
            int version,
            String before,
            String element,
            String after,
            int max) {
        return new Shape(
                what + " of " + api.name + " " + version,
                api,
                version,
                before.replace(" ", ""),
                element.replace(" ", ""),
                after.replace(" ", ""),
                max);
    }

    static Stream<ApiKeys> advertised() {
        return new KafkaExchange()
                .api.advertised().stream().map(range -> ApiKeys.forId(range.key()));
    }

    /** So that a new API is measured, too. */
    @ParameterizedTest
    @MethodSource("advertised")
    void everyApiWithArraysIsAmongTheShapes(ApiKeys api) {
        boolean hasArrays =
                Stream.of(api.messageType.requestSchemas())
                        .anyMatch(schema -> schema != null && schema.toString().contains("ARRAY"));

        assertThat(shapes().stream().anyMatch(shape -> shape.api == api)).isEqualTo(hasArrays);
    }

    @ParameterizedTest
    @MethodSource("shapes")
    @Timeout(20)
    void theLargestRequestIsAnsweredInPassing(Shape shape) {
        assertThat(leastCpuTime(shape.frame(shape.max - 2))).isLessThan(IN_PASSING);
    }

    /** Different names, of which Java's hash is the same. */
    @ParameterizedTest
    @EnumSource(names = {"METADATA", "DESCRIBE_TOPIC_PARTITIONS", "DELETE_TOPICS"})
    @Timeout(20)
    void namesThatCollideAreNoWorse(ApiKeys api) {
        List<String> names = List.of("");
        while (names.size() < MAX / 2) {
            names = names.stream().flatMap(name -> Stream.of(name + "Aa", name + "BB")).toList();
        }
        assertThat(names.stream().map(String::hashCode).distinct()).hasSize(1);
        ApiMessage request =
                switch (api) {
                    case METADATA -> Requests.metadata(names.toArray(String[]::new));
                    case DELETE_TOPICS -> new DeleteTopicsRequestData().setTopicNames(names);
                    default ->
                            new DescribeTopicPartitionsRequestData()
                                    .setTopics(
                                            names.stream()
                                                    .map(name -> new TopicRequest().setName(name))
                                                    .toList());
                };
        if (request instanceof MetadataRequestData metadata) {
            metadata.setAllowAutoTopicCreation(false);
        }

        int version = Math.min(5, api.latestVersion());
        ByteBuffer frame = KafkaExchange.frame(api, version, request);

        assertThat(leastCpuTime(frame)).isLessThan(IN_PASSING);
    }

    /** Of several times answering it, as the first ones also compile the code. */
    private static Duration leastCpuTime(ByteBuffer frame) {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        long best = Long.MAX_VALUE;
        for (int round = 0; round < 5; round++) {
            KafkaExchange kafka = new KafkaExchange();
            kafka.topics.add("a", 1000);
            long before = threads.getCurrentThreadCpuTime();
            KafkaReply reply = kafka.send(frame.duplicate());
            best = Math.min(best, threads.getCurrentThreadCpuTime() - before);
            assertThat(reply).isInstanceOf(KafkaReply.Send.class);
            ((KafkaReply.Send) reply).release();
        }
        return Duration.ofNanos(best);
    }

    @ParameterizedTest
    @MethodSource("shapes")
    @Timeout(20)
    void moreElementsAreRefusedBeforeTheyAreRead(Shape shape) {
        KafkaExchange kafka = new KafkaExchange();
        kafka.topics.add("a", 1);
        ByteBuffer whole = shape.frame(shape.max + 1);
        ByteBuffer headOnly = shape.frame(0);
        ByteBuffer cut = whole.duplicate().limit(headOnly.limit() + 8 + shape.max);

        for (ByteBuffer frame : List.of(whole, cut)) {
            assertThat(KafkaExchange.closed(kafka.send(frame.duplicate())))
                    .contains(
                            shape.api.name,
                            (shape.max + 1) + " elements",
                            "have " + shape.max + " in all")
                    .doesNotContain("malformed");
        }
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void theAnswerIsNotManyTimesTheRequest(Shape shape) {
        KafkaExchange kafka = new KafkaExchange();
        kafka.topics.add("a", 1000);
        ByteBuffer frame = shape.frame(shape.max - 2);

        KafkaReply.Send reply = (KafkaReply.Send) kafka.send(frame.duplicate());

        assertThat(reply.sizeBytes()).isLessThan(4 << 20);
        reply.release();
    }
}
