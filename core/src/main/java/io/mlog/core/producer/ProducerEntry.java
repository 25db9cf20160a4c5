package io.mlog.core.producer;

/**
 * What one producer has written to a partition: its epoch and its last five batches, the number
 * that Kafka's clients may have in flight. Owned by {@link ProducerStates}.
 */
final class ProducerEntry {
    /** Batches remembered. */
    static final int REMEMBERED = 5;

    /** Sequences go from 0 to this and then start again. */
    private static final long SEQUENCES = 1L + Integer.MAX_VALUE;

    final short epoch;
    final int firstSequence;
    final int[] baseSequences = new int[REMEMBERED];
    final int[] counts = new int[REMEMBERED];
    final long[] baseOffsets = new long[REMEMBERED];
    int batches;
    long lastAppendMs;

    /** A producer whose first batch of this epoch starts at {@code firstSequence}. */
    ProducerEntry(short epoch, int firstSequence) {
        this.epoch = epoch;
        this.firstSequence = firstSequence;
    }

    void add(int baseSequence, int count, long baseOffset, long nowMs) {
        if (batches == REMEMBERED) {
            System.arraycopy(baseSequences, 1, baseSequences, 0, REMEMBERED - 1);
            System.arraycopy(counts, 1, counts, 0, REMEMBERED - 1);
            System.arraycopy(baseOffsets, 1, baseOffsets, 0, REMEMBERED - 1);
            batches--;
        }
        baseSequences[batches] = baseSequence;
        counts[batches] = count;
        baseOffsets[batches] = baseOffset;
        batches++;
        lastAppendMs = nowMs;
    }

    /** Index of the remembered batch with exactly these sequences, -1 when there is none. */
    int find(int baseSequence, int count) {
        for (int i = 0; i < batches; i++) {
            if (baseSequences[i] == baseSequence && counts[i] == count) {
                return i;
            }
        }
        return -1;
    }

    int nextSequence() {
        int last = batches - 1;
        return wrap((long) baseSequences[last] + counts[last]);
    }

    /**
     * Forgets the batches that have a record at or above {@code offset}; says whether any is left.
     */
    boolean truncateTo(long offset) {
        while (batches > 0 && baseOffsets[batches - 1] + counts[batches - 1] > offset) {
            batches--;
        }
        return batches > 0;
    }

    /**
     * Base offset of the youngest batch that begins below {@code offset}, -1 when there is none.
     */
    long lastBelow(long offset) {
        int i = batches - 1;
        while (i >= 0 && baseOffsets[i] >= offset) {
            i--;
        }
        return i < 0 ? -1 : baseOffsets[i];
    }

    /** Whether the sequences were all written in this epoch, before the remembered batches. */
    boolean longWritten(int baseSequence, int count) {
        long written = distance(firstSequence, nextSequence());
        long start = distance(firstSequence, baseSequence);
        return start + count <= written;
    }

    private static long distance(int from, int to) {
        return Math.floorMod((long) to - from, SEQUENCES);
    }

    private static int wrap(long sequence) {
        return (int) (sequence % SEQUENCES);
    }
}
