package io.mlog.storage;

import io.mlog.model.TopicId;
import io.mlog.model.TopicPartition;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * A partition by name and topic id, as the files of this room hold it. Big-endian:
 *
 * <pre>
 * 0 16 topic id
 * 16 4 partition
 * 20 2 length of the topic's name in bytes
 * 22 - the topic's name in UTF-8
 * </pre>
 */
record PartitionName(TopicPartition topicPartition, TopicId topicId) {
    private static final int FIXED_BYTES = 22;

    int sizeBytes() {
        return FIXED_BYTES + topic().length;
    }

    void put(ByteBuffer target) {
        byte[] topic = topic();
        target.putLong(topicId.mostSignificantBits()).putLong(topicId.leastSignificantBits());
        target.putInt(topicPartition.partition()).putShort((short) topic.length).put(topic);
    }

    /**
     * Reads what {@link #put} wrote.
     *
     * @throws IllegalArgumentException when it is not that
     */
    static PartitionName take(ByteBuffer source) {
        if (source.remaining() < FIXED_BYTES) {
            throw new IllegalArgumentException(
                    "a partition's name needs 22 bytes, there are " + source.remaining());
        }
        TopicId id = new TopicId(source.getLong(), source.getLong());
        int partition = source.getInt();
        int length = source.getShort();
        if (length < 1 || length > source.remaining()) {
            throw new IllegalArgumentException(
                    "a topic name of " + length + " bytes in " + source.remaining());
        }
        byte[] topic = new byte[length];
        source.get(topic);
        String name = new String(topic, StandardCharsets.UTF_8);
        return new PartitionName(new TopicPartition(name, partition), id);
    }

    private byte[] topic() {
        return topicPartition.topic().getBytes(StandardCharsets.UTF_8);
    }
}
