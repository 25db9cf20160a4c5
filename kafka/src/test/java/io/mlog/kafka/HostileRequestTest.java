package io.mlog.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.Random;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.protocol.ApiKeys;
import org.junit.jupiter.api.Test;

/**
 * Whatever bytes come, there is one reply, no exception, and no more memory than the limits say.
 */
final class HostileRequestTest {
    private final KafkaExchange kafka = new KafkaExchange();

    @Test
    void everyPrefixOfEveryRequestGetsOneReply() {
        kafka.topics.add("orders", 1);
        forEveryVersion((key, version) -> {
            ByteBuffer frame = Requests.sample(key, version);
            for (int size = 0; size < frame.limit(); size++) {
                KafkaReply reply = kafka.send(copy(frame, size));
                if (reply instanceof KafkaReply.Send send) {
                    send.release();
                }
            }
        });
        assertThat(kafka.records.slicesOut).isZero();
    }

    @Test
    void aRequestThatIsCutOffIsNamedInTheReason() {
        ByteBuffer frame = Requests.sample(ApiKeys.CREATE_TOPICS, 7);

        String reason = KafkaExchange.closed(kafka.send(copy(frame, frame.limit() - 10)));

        assertThat(reason).contains("CreateTopics", "version 7", "malformed", "10.9.9.9:50000");
        assertThat(kafka.topics.byName).isEmpty();
    }

    @Test
    void flippedBytesGetOneReply() {
        kafka.topics.add("orders", 1);
        Random random = new Random(20261124);
        forEveryVersion((key, version) -> {
            ByteBuffer frame = Requests.sample(key, version);
            for (int round = 0; round < 200; round++) {
                ByteBuffer damaged = copy(frame, frame.limit());
                for (int flips = 1 + random.nextInt(4); flips > 0; flips--) {
                    int at = 4 + random.nextInt(frame.limit() - 4);
                    damaged.put(at, (byte) random.nextInt(256));
                }
                kafka.sendOnly(damaged);
                kafka.records.wake(); // the flip may have made it a fetch that waits
                assertThat(kafka.replies).as("seed 20261124, %s", key).hasSize(1);
                if (kafka.replies.removeFirst() instanceof KafkaReply.Send send) {
                    send.release();
                }
            }
        });
    }

    @Test
    void randomBytesBehindAValidHeadGetOneReply() {
        Random random = new Random(42);
        forEveryVersion((key, version) -> {
            for (int round = 0; round < 100; round++) {
                byte[] bytes = new byte[8 + random.nextInt(200)];
                random.nextBytes(bytes);
                ByteBuffer frame = ByteBuffer.wrap(bytes);
                frame.putShort(0, key.id).putShort(2, (short) version);
                kafka.sendOnly(frame);
                kafka.records.wake();
                assertThat(kafka.replies).as("seed 42, %s", key).hasSize(1);
                if (kafka.replies.removeFirst() instanceof KafkaReply.Send send) {
                    send.release();
                }
            }
        });
    }

    @Test
    void anArrayThatClaimsTwoBillionElementsAllocatesNothingForThem() {
        ByteBuffer metadata = head(ApiKeys.METADATA, 1, 64 << 10).putInt(Integer.MAX_VALUE).clear();
        ByteBuffer produce =
                head(ApiKeys.PRODUCE, 3, 64 << 10)
                        .putShort((short) -1)
                        .putShort((short) 1)
                        .putInt(0)
                        .putInt(Integer.MAX_VALUE)
                        .clear();
        ByteBuffer old =
                head(ApiKeys.PRODUCE, 0, 64 << 10)
                        .putShort((short) 1)
                        .putInt(0)
                        .putInt(Integer.MAX_VALUE)
                        .clear();
        for (ByteBuffer frame : new ByteBuffer[] {metadata, produce, old}) {
            long allocated = allocatedBytes(() -> KafkaExchange.closed(kafka.send(frame)));
            assertThat(allocated).isLessThan(1 << 20);
        }
    }

    @Test
    void aFrameFullOfTinyElementsIsRefusedBeforeItFillsTheHeap() {
        int size = 64 << 20;
        ByteBuffer names = head(ApiKeys.METADATA, 1, size).putInt(30_000_000).clear();
        ByteBuffer tags = head(ApiKeys.METADATA, 9, size);
        tags.put(8, (byte) -1).put(9, (byte) -1).position(10);
        tags.put((byte) 0xFF).put((byte) 0xFF).put((byte) 0xFF).put((byte) 0x0F).clear();
        for (ByteBuffer frame : new ByteBuffer[] {names, tags}) {
            long allocated = allocatedBytes(() -> KafkaExchange.closed(kafka.send(frame)));
            assertThat(allocated).isLessThan(128 << 20);
        }
    }

    @Test
    void recordsDoNotCountAgainstTheLimitOnStructure() {
        KafkaExchange tight =
                new KafkaExchange(new KafkaLimits(1 << 10, 10_000, 1, 1, 1 << 20, 1, 1));
        tight.topics.add("orders", 1);
        var batch = Requests.batch("x".repeat(100_000));
        var produce = Requests.produce(9, 1, "orders", Uuid.ZERO_UUID, batch);

        KafkaReply taken = tight.send(KafkaExchange.frame(ApiKeys.PRODUCE, 9, produce));
        KafkaReply refused =
                tight.send(
                        KafkaExchange.frame(ApiKeys.METADATA, 9, Requests.metadata(names(2_000))));

        assertThat(taken).isInstanceOf(KafkaReply.Send.class);
        assertThat(KafkaExchange.closed(refused)).contains("malformed", "Metadata");
    }

    @Test
    void aFailureOfOurOwnClosesTheConnectionAndDoesNotEscape() {
        kafka.topics.add("orders", 1);
        KafkaApi broken =
                new KafkaApi(
                        kafka.records,
                        kafka.replicas,
                        kafka.topics,
                        kafka.placement,
                        kafka.groups,
                        new FakeBroker() {
                            @Override
                            public int brokerId() {
                                throw new IllegalStateException("not registered");
                            }
                        },
                        KafkaLimits.DEFAULTS);

        broken.handle(Requests.sample(ApiKeys.METADATA, 9), kafka.connection, kafka.replies::add);

        assertThat(KafkaExchange.closed(kafka.replies.getFirst()))
                .contains("internal error", "not registered");
    }

    private static String[] names(int count) {
        String[] names = new String[count];
        for (int i = 0; i < count; i++) {
            names[i] = "topic-" + i;
        }
        return names;
    }

    private static ByteBuffer head(ApiKeys key, int version, int frameBytes) {
        return ByteBuffer.allocate(frameBytes)
                .putShort(key.id)
                .putShort((short) version)
                .putInt(1)
                .putShort((short) -1);
    }

    private static ByteBuffer copy(ByteBuffer frame, int size) {
        return ByteBuffer.allocate(size).put(frame.duplicate().limit(size)).flip();
    }

    private static long allocatedBytes(Runnable work) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        work.run();
        long before = threads.getCurrentThreadAllocatedBytes();
        work.run();
        return threads.getCurrentThreadAllocatedBytes() - before;
    }

    private void forEveryVersion(Visitor visitor) {
        for (ApiVersionRange range : kafka.api.advertised()) {
            ApiKeys key = ApiKeys.forId(range.key());
            for (int version = range.minVersion(); version <= range.maxVersion(); version++) {
                if (key.isVersionSupported((short) version)) {
                    visitor.visit(key, version);
                }
            }
        }
    }

    private interface Visitor {
        void visit(ApiKeys key, int version);
    }
}
