package io.mlog.storage;

import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Body of the {@code high-watermarks} file, big-endian:
 *
 * <pre>
 * 0  4 number of partitions
 * 4  - for each: the partition's name (see PartitionName), then 8 bytes of high watermark
 * </pre>
 */
final class HighWatermarksFile {
    private HighWatermarksFile() {}

    static ByteBuffer encode(Map<PartitionName, Long> highWatermarks) {
        int size = Integer.BYTES;
        for (PartitionName name : highWatermarks.keySet()) {
            size += name.sizeBytes() + Long.BYTES;
        }
        ByteBuffer body = ByteBuffer.allocate(size).putInt(highWatermarks.size());
        highWatermarks.forEach((name, highWatermark) -> {
            name.put(body);
            body.putLong(highWatermark);
        });
        return body.flip();
    }

    /**
     * Reads what {@link #encode} wrote.
     *
     * @throws IllegalArgumentException when it is not that
     */
    static Map<PartitionName, Long> decode(ByteBuffer body) {
        int count = body.remaining() < Integer.BYTES ? -1 : body.getInt();
        Map<PartitionName, Long> highWatermarks = new LinkedHashMap<>();
        for (int i = 0; i < count; i++) {
            PartitionName name = PartitionName.take(body);
            if (body.remaining() < Long.BYTES) {
                throw new IllegalArgumentException("entry " + i + " of " + count + " is cut");
            }
            highWatermarks.put(name, body.getLong());
        }
        if (count < 0 || body.hasRemaining()) {
            throw new IllegalArgumentException(
                    count + " entries leave " + body.remaining() + " bytes");
        }
        return highWatermarks;
    }
}
