package io.mlog.core.producer;

import io.mlog.model.ErrorCode;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

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
    /** In the order of their last append: what is asked of them does not change it. */
    private final LinkedHashMap<Long, ProducerEntry> producers = new LinkedHashMap<>();

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

    /**
     * Takes a batch in that was appended, or that is found in the log; one without a producer id
     * (negative) leaves no trace.
     *
     * @param nowMs the broker's clock, also for batches found in the log: their own timestamps are
     *     the client's and may lie long ago
     */
    public void appended(
            long producerId,
            short epoch,
            int baseSequence,
            int count,
            long baseOffset,
            long nowMs) {
        if (producerId < 0) {
            return;
        }
        ProducerEntry entry = producers.get(producerId);
        if (entry == null
                || entry.epoch != epoch
                || nowMs - entry.lastAppendMs > expirationMs
                || entry.nextSequence() != baseSequence) {
            entry = new ProducerEntry(epoch, baseSequence);
        }
        entry.add(baseSequence, count, baseOffset, nowMs);
        producers.putLast(producerId, entry);
        expire(nowMs);
    }

    /**
     * Forgets the producers that have been silent for longer than the expiration time, and the
     * least recently active ones beyond the limit. Each append does it too; a partition that nobody
     * writes to needs it from outside.
     */
    public void expire(long nowMs) {
        Iterator<ProducerEntry> leastActiveFirst = producers.values().iterator();
        while (leastActiveFirst.hasNext()) {
            ProducerEntry next = leastActiveFirst.next();
            if (producers.size() <= limit && nowMs - next.lastAppendMs <= expirationMs) {
                return;
            }
            leastActiveFirst.remove();
        }
    }

    /**
     * Forgets the batches that have a record at or above {@code offset}, and the producers of which
     * no batch is left. What was forgotten before does not come back: for that, restore a snapshot
     * and take the batches behind it in again.
     */
    public void truncateTo(long offset) {
        producers.values().removeIf(entry -> !entry.truncateTo(offset));
    }

    /**
     * For each producer, the base offset of its youngest remembered batch that begins below {@code
     * offset}; producers without one are left out.
     */
    public Map<Long, Long> lastBatchesBelow(long offset) {
        Map<Long, Long> last = new HashMap<>();
        producers.forEach((id, entry) -> {
            long youngest = entry.lastBelow(offset);
            if (youngest >= 0) {
                last.put(id, youngest);
            }
        });
        return last;
    }

    /** Forgets every producer. */
    public void clear() {
        producers.clear();
    }

    /**
     * Those of the last {@code most} producers to write that are not expired, the least recently
     * active first.
     */
    public List<SavedProducer> list(int most, long nowMs) {
        return producers.entrySet().stream()
                .skip(Math.max(0, producers.size() - most))
                .filter(each -> nowMs - each.getValue().lastAppendMs <= expirationMs)
                .map(each -> SavedProducer.of(each.getKey(), each.getValue()))
                .toList();
    }

    /** The state as bytes; {@link ProducerSnapshot} has the format. */
    public byte[] snapshot() {
        return ProducerSnapshot.write(producers);
    }

    /**
     * Becomes what {@link #snapshot} wrote.
     *
     * @throws IllegalArgumentException when the bytes are not a snapshot of a known format; the
     *     state is then empty
     */
    public void restore(ByteBuffer snapshot) {
        producers.clear();
        producers.putAll(ProducerSnapshot.read(snapshot.slice()));
        while (producers.size() > limit) {
            producers.pollFirstEntry();
        }
    }
}
