package io.mlog.core.producer;

import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32C;

/**
 * The producers of a partition as bytes, big-endian.
 *
 * <pre>
 * offset size field
 *      0    1 format                    1
 *      1    4 number of producers       the least recently active first
 *      5    - producers:
 *      0    8 producer id
 *      8    2 epoch
 *     10    4 first sequence            of this epoch, as far as it was seen
 *     14    8 last append               ms since the epoch, broker's clock
 *     22    1 number of batches         1 to 5, oldest first
 *     23    - batches:
 *      0    4 base sequence
 *      4    4 number of records
 *      8    8 base offset
 *   last    4 CRC-32C                   of all before
 * </pre>
 */
final class ProducerSnapshot {
    private static final byte FORMAT = 1;
    private static final int HEADER_BYTES = 5;
    private static final int CRC_BYTES = 4;
    private static final int ENTRY_BYTES = 23;
    private static final int BATCH_BYTES = 16;

    private ProducerSnapshot() {}

    static byte[] write(Map<Long, ProducerEntry> producers) {
        int size = HEADER_BYTES + CRC_BYTES;
        for (ProducerEntry entry : producers.values()) {
            size += ENTRY_BYTES + entry.batches * BATCH_BYTES;
        }
        byte[] bytes = new byte[size];
        ByteBuffer out = ByteBuffer.wrap(bytes);
        out.put(FORMAT).putInt(producers.size());
        producers.forEach((producerId, entry) -> write(out, producerId, entry));
        out.putInt(crc(out.duplicate().flip()));
        return bytes;
    }

    private static void write(ByteBuffer out, long producerId, ProducerEntry entry) {
        out.putLong(producerId)
                .putShort(entry.epoch)
                .putInt(entry.firstSequence)
                .putLong(entry.lastAppendMs)
                .put((byte) entry.batches);
        for (int i = 0; i < entry.batches; i++) {
            out.putInt(entry.baseSequences[i])
                    .putInt(entry.counts[i])
                    .putLong(entry.baseOffsets[i]);
        }
    }

    /**
     * Reads from position 0.
     *
     * @throws IllegalArgumentException when the bytes are not a snapshot of a known format
     */
    static Map<Long, ProducerEntry> read(ByteBuffer in) {
        if (in.remaining() < HEADER_BYTES + CRC_BYTES || in.get(0) != FORMAT) {
            throw new IllegalArgumentException(
                    "not a producer snapshot of format "
                            + FORMAT
                            + ": "
                            + in.remaining()
                            + " bytes");
        }
        int end = in.limit() - CRC_BYTES;
        int expected = in.getInt(end);
        int found = crc(in.duplicate().limit(end));
        if (expected != found) {
            throw new IllegalArgumentException(
                    "checksum of the producer snapshot is %08x, its bytes give %08x"
                            .formatted(expected, found));
        }
        in.limit(end).position(1);
        return entries(in);
    }

    private static Map<Long, ProducerEntry> entries(ByteBuffer in) {
        int count = in.getInt();
        Map<Long, ProducerEntry> producers = new LinkedHashMap<>();
        for (int i = 0; i < count; i++) {
            needs(in, ENTRY_BYTES);
            long producerId = in.getLong();
            producers.put(producerId, entry(in, producerId));
        }
        if (producers.size() != count || in.hasRemaining()) {
            throw new IllegalArgumentException(
                    "the producer snapshot says it has %d producers, has %d and %d bytes after them"
                            .formatted(count, producers.size(), in.remaining()));
        }
        return producers;
    }

    private static ProducerEntry entry(ByteBuffer in, long producerId) {
        ProducerEntry entry = new ProducerEntry(in.getShort(), in.getInt());
        long lastAppendMs = in.getLong();
        int batches = in.get();
        if (batches < 1 || batches > ProducerEntry.REMEMBERED) {
            throw new IllegalArgumentException(
                    "the producer snapshot has %d batches of producer %d"
                            .formatted(batches, producerId));
        }
        needs(in, batches * BATCH_BYTES);
        for (int i = 0; i < batches; i++) {
            entry.add(in.getInt(), in.getInt(), in.getLong(), lastAppendMs);
        }
        return entry;
    }

    private static void needs(ByteBuffer in, int bytes) {
        if (in.remaining() < bytes) {
            throw new IllegalArgumentException(
                    "the producer snapshot ends %d bytes too early at %d"
                            .formatted(bytes - in.remaining(), in.limit()));
        }
    }

    private static int crc(ByteBuffer bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes);
        return (int) crc.getValue();
    }
}
