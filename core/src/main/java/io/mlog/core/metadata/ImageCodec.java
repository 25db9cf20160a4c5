package io.mlog.core.metadata;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.stream.Collectors;
import java.util.zip.CRC32;
import java.util.zip.CRC32C;

/**
 * Images as bytes: the snapshots of the metadata log. Equal images give equal bytes.
 *
 * <table>
 * <caption>A snapshot</caption>
 * <tr><td>0</td><td>4 bytes</td><td>{@code MLMS}</td></tr>
 * <tr><td>4</td><td>4 bytes</td><td>format, now 1</td></tr>
 * <tr><td>8</td><td>4 bytes</td><td>CRC-32C of everything from byte 12 on</td></tr>
 * <tr><td>12</td><td>8</td><td>index of the last command applied</td></tr>
 * <tr><td>20</td><td>8</td><td>number of commands applied</td></tr>
 * <tr><td>28</td><td>4</td><td>level</td></tr>
 * <tr><td>32</td><td></td><td>cluster id, next broker id (4), next producer id (8), brokers,
 * topics, and the number of groups, 0; see {@link FieldWriter}</td></tr>
 * </table>
 *
 * Earlier builds kept the offsets that groups had committed here; they are read and dropped.
 */
public final class ImageCodec {
    /** What {@link #encode} writes. */
    public static final int FORMAT = 1;

    private static final int MAGIC = 0x4d4c4d53;
    private static final int HEADER_BYTES = 12;
    private static final int LEAST_BROKER_BYTES = 44;
    private static final int LEAST_TOPIC_BYTES = 28;
    private static final int LEAST_PARTITION_BYTES = 29;
    private static final int LEAST_OFFSET_BYTES = 24;
    private static final int NO_GROUPS = 0;

    private ImageCodec() {}

    /** The image's bytes. */
    public static byte[] encode(MetadataImage image) {
        byte[] body = body(image);
        return ByteBuffer.allocate(HEADER_BYTES + body.length)
                .putInt(MAGIC)
                .putInt(FORMAT)
                .putInt(crc32c(ByteBuffer.wrap(body)))
                .put(body)
                .array();
    }

    /**
     * The image between position and limit, which do not move.
     *
     * @throws MetadataFormatException when the bytes are damaged, or of a newer format
     */
    public static MetadataImage decode(ByteBuffer bytes) {
        FieldReader header = new FieldReader("the metadata snapshot", bytes);
        int magic = header.takeInt();
        if (magic != MAGIC) {
            throw new MetadataFormatException(
                    "the metadata snapshot begins with %08x instead of %08x"
                            .formatted(magic, MAGIC));
        }
        int format = header.takeInt();
        if (format != FORMAT) {
            throw new MetadataFormatException(
                    "the metadata snapshot has format %d and this build knows format %d: start the build that wrote it or a newer one"
                            .formatted(format, FORMAT));
        }
        int expected = header.takeInt();
        ByteBuffer body = bytes.slice(bytes.position() + HEADER_BYTES, bytes.remaining() - 12);
        int found = crc32c(body.duplicate());
        if (found != expected) {
            throw new MetadataFormatException(
                    "the metadata snapshot's checksum is %08x instead of %08x: it is damaged"
                            .formatted(found, expected));
        }
        return takeImage(new FieldReader("the metadata snapshot", body));
    }

    /** A number that differs, most likely, between images that differ. */
    public static long hash(MetadataImage image) {
        byte[] body = body(image);
        CRC32 crc = new CRC32();
        crc.update(body);
        return crc.getValue() << 32 | Integer.toUnsignedLong(crc32c(ByteBuffer.wrap(body)));
    }

    private static int crc32c(ByteBuffer bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes);
        return (int) crc.getValue();
    }

    private static byte[] body(MetadataImage image) {
        FieldWriter out = new FieldWriter();
        out.putLong(image.appliedIndex());
        out.putLong(image.commandCount());
        out.putInt(image.level());
        out.putText(image.clusterId());
        out.putInt(image.nextBrokerId());
        out.putLong(image.nextProducerId());
        out.putMap(image.brokers(), (id, broker) -> put(broker, out));
        out.putMap(image.topicsByName(), (name, topic) -> put(topic, out));
        out.putInt(NO_GROUPS);
        return out.bytes();
    }

    private static MetadataImage takeImage(FieldReader in) {
        long appliedIndex = in.takeLong();
        long commandCount = in.takeLong();
        int level = MetadataMachine.knownLevel(in.takeInt());
        String clusterId = in.takeText();
        int nextBrokerId = in.takeInt();
        long nextProducerId = in.takeLong();
        List<BrokerImage> brokers = in.takeList(LEAST_BROKER_BYTES, () -> takeBroker(in));
        List<TopicImage> topics = in.takeList(LEAST_TOPIC_BYTES, () -> takeTopic(in));
        skipGroups(in);
        in.end();
        return new MetadataImage(
                appliedIndex,
                commandCount,
                level,
                clusterId,
                topics.stream().collect(Collectors.toMap(TopicImage::name, topic -> topic)),
                topics.stream().collect(Collectors.toMap(TopicImage::id, TopicImage::name)),
                brokers.stream().collect(Collectors.toMap(BrokerImage::id, broker -> broker)),
                nextBrokerId,
                nextProducerId);
    }

    /** Each a name, and by partition an offset and the time of its commit. */
    private static void skipGroups(FieldReader in) {
        in.takeMap(
                2 * Integer.BYTES,
                in::takeText,
                () ->
                        in.takeMap(
                                LEAST_OFFSET_BYTES,
                                in::takePartition,
                                () -> List.of(in.takeLong(), in.takeLong())));
    }

    private static void put(BrokerImage broker, FieldWriter out) {
        out.putInt(broker.id());
        out.putText(broker.nodeId());
        out.putText(broker.directoryId());
        out.putLong(broker.bootEpoch());
        out.putOptional(broker.clientAddress(), out::putAddress);
        out.putAddress(broker.rpcAddress());
        out.putAddress(broker.raftAddress());
        out.putOptional(broker.rack(), out::putText);
        out.putText(broker.version());
        out.putByte(broker.fenced() ? 1 : 0);
        out.putByte(broker.shuttingDown() ? 1 : 0);
    }

    private static BrokerImage takeBroker(FieldReader in) {
        return new BrokerImage(
                in.takeInt(),
                in.takeText(),
                in.takeText(),
                in.takeLong(),
                in.takeOptional(in::takeAddress),
                in.takeAddress(),
                in.takeAddress(),
                in.takeOptional(in::takeText),
                in.takeText(),
                in.takeFlag(),
                in.takeFlag());
    }

    static void put(TopicImage topic, FieldWriter out) {
        out.putText(topic.name());
        out.putTopicId(topic.id());
        out.putTexts(topic.configs());
        out.putList(topic.partitions(), partition -> put(partition, out));
    }

    static TopicImage takeTopic(FieldReader in) {
        String name = in.takeText();
        var id = in.takeTopicId();
        var configs = in.takeTexts();
        int[] next = {0};
        return new TopicImage(
                name,
                id,
                in.takeList(LEAST_PARTITION_BYTES, () -> takePartition(next[0]++, in)),
                configs);
    }

    static void put(PartitionImage partition, FieldWriter out) {
        out.putList(partition.replicas(), out::putInt);
        out.putList(partition.isr(), out::putInt);
        out.putInt(partition.leader());
        out.putInt(partition.leaderEpoch());
        out.putInt(partition.partitionEpoch());
        out.putList(partition.addingReplicas(), out::putInt);
        out.putList(partition.removingReplicas(), out::putInt);
        out.putOptional(partition.lostDirectory(), out::putText);
    }

    static PartitionImage takePartition(int index, FieldReader in) {
        return new PartitionImage(
                index,
                in.takeList(Integer.BYTES, in::takeInt),
                in.takeList(Integer.BYTES, in::takeInt),
                in.takeInt(),
                in.takeInt(),
                in.takeInt(),
                in.takeList(Integer.BYTES, in::takeInt),
                in.takeList(Integer.BYTES, in::takeInt),
                in.takeOptional(in::takeText));
    }
}
