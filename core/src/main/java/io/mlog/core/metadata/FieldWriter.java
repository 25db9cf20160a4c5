package io.mlog.core.metadata;

import io.mlog.model.HostPort;
import io.mlog.model.TopicId;
import io.mlog.model.TopicIdPartition;
import io.mlog.model.TopicPartition;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Writes the fields of commands and snapshots, big-endian, into memory that grows. Maps are written
 * in the order of their keys, so that equal values give equal bytes. Owned by one caller.
 *
 * <table>
 * <caption>Fields</caption>
 * <tr><td>number</td><td>4 or 8 bytes, two's complement</td></tr>
 * <tr><td>text</td><td>4 bytes of length, UTF-8</td></tr>
 * <tr><td>optional</td><td>1 byte, 0 or 1, then the value if 1</td></tr>
 * <tr><td>list, map</td><td>4 bytes of count, then the elements, or key and value of each</td></tr>
 * </table>
 */
final class FieldWriter {
    private ByteBuffer buffer = ByteBuffer.allocate(256);

    void putByte(int value) {
        room(1).put((byte) value);
    }

    void putInt(int value) {
        room(Integer.BYTES).putInt(value);
    }

    void putLong(long value) {
        room(Long.BYTES).putLong(value);
    }

    void putText(String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        putInt(utf8.length);
        room(utf8.length).put(utf8);
    }

    void putTopicId(TopicId id) {
        putLong(id.mostSignificantBits());
        putLong(id.leastSignificantBits());
    }

    void putPartition(TopicPartition partition) {
        putText(partition.topic());
        putInt(partition.partition());
    }

    void putPartitionId(TopicIdPartition partition) {
        putTopicId(partition.topicId());
        putInt(partition.partition());
    }

    void putAddress(HostPort address) {
        putText(address.host());
        putInt(address.port());
    }

    <T> void putOptional(@Nullable T value, Consumer<T> put) {
        putByte(value == null ? 0 : 1);
        if (value != null) {
            put.accept(value);
        }
    }

    <T> void putList(Collection<T> list, Consumer<T> put) {
        putInt(list.size());
        list.forEach(put);
    }

    <K extends Comparable<? super K>, V> void putMap(Map<K, V> map, BiConsumer<K, V> put) {
        putInt(map.size());
        new TreeMap<>(map).forEach(put);
    }

    void putTexts(Map<String, String> texts) {
        putMap(
                texts,
                (key, value) -> {
                    putText(key);
                    putText(value);
                });
    }

    /** What was written so far. */
    byte[] bytes() {
        return Arrays.copyOf(buffer.array(), buffer.position());
    }

    private ByteBuffer room(int bytes) {
        if (buffer.remaining() < bytes) {
            int size = Math.addExact(buffer.position(), bytes);
            int doubled = (int) Math.min(2L * buffer.capacity(), Integer.MAX_VALUE - 8);
            buffer.flip();
            buffer = ByteBuffer.allocate(Math.max(size, doubled)).put(buffer);
        }
        return buffer;
    }
}
