package io.mlog.core.metadata;

import io.mlog.model.HostPort;
import io.mlog.model.TopicId;
import io.mlog.model.TopicIdPartition;
import io.mlog.model.TopicPartition;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads what {@link FieldWriter} wrote. Every length is checked against the bytes that are left
 * before anything is allocated; whatever does not fit is a {@link MetadataFormatException}.
 */
final class FieldReader {
    private final String what;
    private final ByteBuffer buffer;

    /**
     * @param what is being read, for messages
     */
    FieldReader(String what, ByteBuffer buffer) {
        this.what = what;
        this.buffer = buffer.slice();
    }

    byte takeByte() {
        return left(1).get();
    }

    int takeInt() {
        return left(Integer.BYTES).getInt();
    }

    long takeLong() {
        return left(Long.BYTES).getLong();
    }

    boolean takeFlag() {
        byte flag = takeByte();
        if (flag != 0 && flag != 1) {
            throw damaged("a flag of " + flag);
        }
        return flag == 1;
    }

    String takeText() {
        byte[] utf8 = new byte[takeCount(1)];
        buffer.get(utf8);
        return new String(utf8, StandardCharsets.UTF_8);
    }

    TopicId takeTopicId() {
        return new TopicId(takeLong(), takeLong());
    }

    TopicPartition takePartition() {
        return new TopicPartition(takeText(), takePartitionIndex());
    }

    TopicIdPartition takePartitionId() {
        return new TopicIdPartition(takeTopicId(), takePartitionIndex());
    }

    HostPort takeAddress() {
        String host = takeText();
        int port = takeInt();
        if (host.isEmpty() || port < 0 || port > 65535) {
            throw damaged("the address '" + host + "' port " + port);
        }
        return new HostPort(host, port);
    }

    <T> @Nullable T takeOptional(Supplier<T> take) {
        return takeFlag() ? take.get() : null;
    }

    /**
     * @param leastBytes that an element takes, 1 or more
     */
    <T> List<T> takeList(int leastBytes, Supplier<T> take) {
        int count = takeCount(leastBytes);
        List<T> list = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            list.add(take.get());
        }
        return list;
    }

    /**
     * @param leastBytes that key and value take together, 1 or more
     */
    <K, V> Map<K, V> takeMap(int leastBytes, Supplier<K> takeKey, Supplier<V> takeValue) {
        int count = takeCount(leastBytes);
        Map<K, V> map = HashMap.newHashMap(count);
        for (int i = 0; i < count; i++) {
            K key = takeKey.get();
            if (map.put(key, takeValue.get()) != null) {
                throw damaged("the key '" + key + "' twice");
            }
        }
        return map;
    }

    Map<String, String> takeTexts() {
        return takeMap(2 * Integer.BYTES, this::takeText, this::takeText);
    }

    /** Nothing may be left over. */
    void end() {
        if (buffer.hasRemaining()) {
            throw damaged(buffer.remaining() + " bytes too many");
        }
    }

    MetadataFormatException damaged(String found) {
        return new MetadataFormatException(
                "%s has %s before byte %d of %d"
                        .formatted(what, found, buffer.position(), buffer.limit()));
    }

    private int takeCount(int leastBytes) {
        int count = takeInt();
        if (count < 0 || (long) count * leastBytes > buffer.remaining()) {
            throw damaged("a count of " + count + " with " + buffer.remaining() + " bytes left");
        }
        return count;
    }

    private int takePartitionIndex() {
        int partition = takeInt();
        if (partition < 0) {
            throw damaged("a partition of " + partition);
        }
        return partition;
    }

    private ByteBuffer left(int bytes) {
        if (buffer.remaining() < bytes) {
            throw damaged("its end");
        }
        return buffer;
    }
}
