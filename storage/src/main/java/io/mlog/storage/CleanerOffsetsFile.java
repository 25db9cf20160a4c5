package io.mlog.storage;

import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Body of the {@code cleaner-offsets} file, big-endian:
 *
 * <pre>
 * 0  4 number of partitions
 * 4  - for each: the partition's name (see PartitionName), then 8 bytes of first dirty offset and 8
 *      bytes of the earliest delete horizon
 * </pre>
 */
final class CleanerOffsetsFile {
    private static final int VALUE_BYTES = 2 * Long.BYTES;

    private CleanerOffsetsFile() {}

    static ByteBuffer encode(Map<PartitionName, CleanedTo> all) {
        int size = Integer.BYTES;
        for (PartitionName name : all.keySet()) {
            size += name.sizeBytes() + VALUE_BYTES;
        }
        ByteBuffer body = ByteBuffer.allocate(size).putInt(all.size());
        all.forEach((name, cleaned) -> {
            name.put(body);
            body.putLong(cleaned.offset()).putLong(cleaned.deleteHorizonMs());
        });
        return body.flip();
    }

    /**
     * Reads what {@link #encode} wrote.
     *
     * @throws IllegalArgumentException when it is not that
     */
    static Map<PartitionName, CleanedTo> decode(ByteBuffer body) {
        int count = body.remaining() < Integer.BYTES ? -1 : body.getInt();
        Map<PartitionName, CleanedTo> all = new LinkedHashMap<>();
        for (int i = 0; i < count; i++) {
            PartitionName name = PartitionName.take(body);
            if (body.remaining() < VALUE_BYTES) {
                throw new IllegalArgumentException("entry " + i + " of " + count + " is cut");
            }
            all.put(name, new CleanedTo(body.getLong(), body.getLong()));
        }
        if (count < 0 || body.hasRemaining()) {
            throw new IllegalArgumentException(
                    count + " entries leave " + body.remaining() + " bytes");
        }
        return all;
    }
}
