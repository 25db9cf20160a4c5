package io.mlog.core.producer;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * One producer of a state, for people who look into it.
 *
 * @param firstSequence of this epoch, as far as it was seen
 * @param lastAppendMs ms since the epoch, by the broker's clock
 * @param batches the last ones, oldest first
 */
public record SavedProducer(
        long producerId, short epoch, int firstSequence, long lastAppendMs, List<Batch> batches) {
    public SavedProducer {
        batches = List.copyOf(batches);
    }

    /** A batch that would be recognized when it came again. */
    public record Batch(int baseSequence, int records, long baseOffset) {}

    /** Sequence of the last record. */
    public int lastSequence() {
        Batch last = batches.getLast();
        return (int) (((long) last.baseSequence + last.records - 1) & Integer.MAX_VALUE);
    }

    /**
     * Reads what {@link ProducerStates#snapshot} wrote, the least recently active first.
     *
     * @throws IllegalArgumentException when it is not that
     */
    public static List<SavedProducer> read(ByteBuffer snapshot) {
        List<SavedProducer> all = new ArrayList<>();
        ProducerSnapshot.read(snapshot.slice()).forEach((id, entry) -> all.add(of(id, entry)));
        return all;
    }

    static SavedProducer of(long producerId, ProducerEntry entry) {
        List<Batch> batches = new ArrayList<>();
        for (int i = 0; i < entry.batches; i++) {
            batches.add(new Batch(entry.baseSequences[i], entry.counts[i], entry.baseOffsets[i]));
        }
        return new SavedProducer(
                producerId, entry.epoch, entry.firstSequence, entry.lastAppendMs, batches);
    }
}
