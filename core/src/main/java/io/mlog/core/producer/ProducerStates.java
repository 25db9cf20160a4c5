package io.mlog.core.producer;

import io.mlog.model.ErrorCode;
import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32C;

/**
 * The idempotent producers of one partition. It is derived from the batches in the log alone, so
 * that it can be rebuilt by replaying their headers, on followers too. Owned by the partition's
 * lock.
 *
 * <p>The rules are Kafka's (KIP-98, KIP-360): within an epoch sequences follow each other without a
 * gap, the last five batches are answered again when they are repeated, an older repetition is told
 * to be one, a higher epoch starts at 0, and a producer not known may start anywhere.
 *
 * <p>Bounds: the least recently active producers are forgotten beyond the limit, and those that
 * have been silent for the expiration time.
 */
public final class ProducerStates {
    private static final byte FORMAT = 1;
    private static final int HEADER_BYTES = 1 + 4;
    private static final int ENTRY_BYTES = 8 + 2 + 4 + 8 + 1;
    private static final int BATCH_BYTES = 4 + 4 + 8;

    private final Map<Long, ProducerEntry> producers = new LinkedHashMap<>(16, 0.75f, true);
    private final int limit;
    private final long expirationMs;

    /**
     * No producers yet.
     *
     * @param limit most producers remembered, at least 1
     * @param expirationMs how long a silent producer is remembered
     */
    public ProducerStates(int limit, long expirationMs) {
        if (limit < 1 || expirationMs < 1) {
            throw new IllegalArgumentException(
                    "limit "
                            + limit
                            + " and expiration "
                            + expirationMs
                            + " ms must be at least 1");
        }
        this.limit = limit;
        this.expirationMs = expirationMs;
    }

    /** How many producers are remembered. */
    public int size() {
        return producers.size();
    }

    /**
     * Judges a batch before it is appended; changes nothing.
     *
     * @param count number of records, at least 1
     */
    public SequenceOutcome check(
            long producerId, short epoch, int baseSequence, int count, long nowMs) {
        ProducerEntry entry = producers.get(producerId);
        if (entry == null || nowMs - entry.lastAppendMs > expirationMs) {
            return SequenceOutcome.Accept.INSTANCE;
        }
        if (epoch < entry.epoch) {
            return new SequenceOutcome.Refuse(
                    ErrorCode.INVALID_PRODUCER_EPOCH,
                    "producer %d writes with epoch %d but epoch %d has written already: another instance of it is running"
                            .formatted(producerId, epoch, entry.epoch));
        }
        if (epoch > entry.epoch) {
            return baseSequence == 0
                    ? SequenceOutcome.Accept.INSTANCE
                    : outOfOrder(producerId, epoch, baseSequence, 0);
        }
        int known = entry.find(baseSequence, count);
        if (known >= 0) {
            long baseOffset = entry.baseOffsets[known];
            return new SequenceOutcome.Duplicate(baseOffset, baseOffset + count - 1);
        }
        if (baseSequence == entry.nextSequence()) {
            return SequenceOutcome.Accept.INSTANCE;
        }
        return entry.longWritten(baseSequence, count)
                ? new SequenceOutcome.Refuse(
                        ErrorCode.DUPLICATE_SEQUENCE_NUMBER,
                        "producer %d wrote sequence %d long ago; its offset is not remembered"
                                .formatted(producerId, baseSequence))
                : outOfOrder(producerId, epoch, baseSequence, entry.nextSequence());
    }

    private static SequenceOutcome outOfOrder(
            long producerId, short epoch, int baseSequence, int expected) {
        return new SequenceOutcome.Refuse(
                ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER,
                "producer %d sent sequence %d in epoch %d where %d comes next"
                        .formatted(producerId, baseSequence, epoch, expected));
    }

    /** Takes a batch in that was appended, or that is found in the log. */
    public void appended(
            long producerId,
            short epoch,
            int baseSequence,
            int count,
            long baseOffset,
            long nowMs) {
        ProducerEntry entry = producers.get(producerId);
        if (entry == null
                || entry.epoch != epoch
                || nowMs - entry.lastAppendMs > expirationMs
                || entry.nextSequence() != baseSequence) {
            entry = new ProducerEntry(epoch, baseSequence);
            producers.put(producerId, entry);
        }
        entry.add(baseSequence, count, baseOffset, nowMs);
        forgetBeyond(nowMs);
    }

    private void forgetBeyond(long nowMs) {
        Iterator<ProducerEntry> leastActiveFirst = producers.values().iterator();
        while (leastActiveFirst.hasNext()) {
            ProducerEntry next = leastActiveFirst.next();
            if (producers.size() <= limit && nowMs - next.lastAppendMs <= expirationMs) {
                return;
            }
            leastActiveFirst.remove();
        }
    }

    /** Forgets every producer. */
    public void clear() {
        producers.clear();
    }

    /**
     * The state as bytes.
     *
     * <pre>
     * 1 format   4 count   then for each producer, the least recently active first:
     *   8 producer id   2 epoch   4 first sequence   8 last append, ms   1 batches
     *   for each batch: 4 base sequence   4 records   8 base offset
     * 4 CRC-32C of all before
     * </pre>
     */
    public byte[] snapshot() {
        int size = HEADER_BYTES + 4;
        for (ProducerEntry entry : producers.values()) {
            size += ENTRY_BYTES + entry.batches * BATCH_BYTES;
        }
        ByteBuffer out = ByteBuffer.allocate(size);
        out.put(FORMAT).putInt(producers.size());
        producers.forEach((producerId, entry) -> write(out, producerId, entry));
        out.putInt(crc(out.duplicate().flip()));
        return out.array();
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
     * Becomes what {@link #snapshot} wrote.
     *
     * @throws IllegalArgumentException when the bytes are not a snapshot of a known format; the
     *     state is then empty
     */
    public void restore(ByteBuffer snapshot) {
        producers.clear();
        ByteBuffer in = snapshot.slice();
        if (in.remaining() < HEADER_BYTES + 4 || in.get(0) != FORMAT) {
            throw new IllegalArgumentException(
                    "not a producer snapshot of format "
                            + FORMAT
                            + ": "
                            + in.remaining()
                            + " bytes");
        }
        int end = in.limit() - 4;
        int expected = in.getInt(end);
        int found = crc(in.duplicate().limit(end));
        if (expected != found) {
            throw new IllegalArgumentException(
                    "checksum of the producer snapshot is %08x, its bytes give %08x"
                            .formatted(expected, found));
        }
        in.limit(end).position(1);
        int count = in.getInt();
        for (int i = 0; i < count; i++) {
            long producerId = in.getLong();
            producers.put(producerId, read(in));
        }
    }

    private static ProducerEntry read(ByteBuffer in) {
        ProducerEntry entry = new ProducerEntry(in.getShort(), in.getInt());
        long lastAppendMs = in.getLong();
        int batches = in.get();
        for (int i = 0; i < batches; i++) {
            entry.add(in.getInt(), in.getInt(), in.getLong(), lastAppendMs);
        }
        return entry;
    }

    private static int crc(ByteBuffer bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes);
        return (int) crc.getValue();
    }
}
