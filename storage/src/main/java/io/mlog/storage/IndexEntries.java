package io.mlog.storage;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * The entries of a segment's two indexes in lockstep: entry {@code i} says that a batch begins at
 * {@code position}, with the offset {@code relativeOffset} above the segment's base, and that no
 * batch before it has a timestamp above {@code timestampBefore}.
 *
 * <p>The first {@link #mapped} entries are in mapped memory, the younger ones in arrays with room
 * to grow. A new entry is written behind the count that readers know, so one writer may add while
 * any thread reads; the count is published by the owner.
 */
final class IndexEntries {
    static final int INDEX_BYTES = 8;
    static final int TIME_INDEX_BYTES = 12;
    static final ByteBuffer NONE = ByteBuffer.allocate(0);

    private final ByteBuffer mappedIndex;
    private final ByteBuffer mappedTimes;
    private final int mapped;
    private final int[] offsets;
    private final int[] positions;
    private final long[] times;

    private IndexEntries(
            ByteBuffer mappedIndex,
            ByteBuffer mappedTimes,
            int mapped,
            int[] offsets,
            int[] positions,
            long[] times) {
        this.mappedIndex = mappedIndex;
        this.mappedTimes = mappedTimes;
        this.mapped = mapped;
        this.offsets = offsets;
        this.positions = positions;
        this.times = times;
    }

    static IndexEntries empty() {
        return mapped(NONE, NONE, 0);
    }

    static IndexEntries mapped(ByteBuffer index, ByteBuffer times, int count) {
        return new IndexEntries(index, times, count, new int[0], new int[0], new long[0]);
    }

    int mapped() {
        return mapped;
    }

    int relativeOffset(int i) {
        return i < mapped ? mappedIndex.getInt(i * INDEX_BYTES) : offsets[i - mapped];
    }

    int position(int i) {
        return i < mapped ? mappedIndex.getInt(i * INDEX_BYTES + 4) : positions[i - mapped];
    }

    long timestampBefore(int i) {
        return i < mapped ? mappedTimes.getLong(i * TIME_INDEX_BYTES) : times[i - mapped];
    }

    /** The relative offset that the time index has for the same entry. */
    int timedOffset(int i) {
        return i < mapped ? mappedTimes.getInt(i * TIME_INDEX_BYTES + 8) : offsets[i - mapped];
    }

    boolean hasRoomFor(int i) {
        return i - mapped < offsets.length;
    }

    void put(int i, int relativeOffset, int position, long timestampBefore) {
        offsets[i - mapped] = relativeOffset;
        positions[i - mapped] = position;
        times[i - mapped] = timestampBefore;
    }

    /** The same entries with room for more. */
    IndexEntries grown() {
        int room = Math.max(16, offsets.length * 2);
        return new IndexEntries(
                mappedIndex,
                mappedTimes,
                mapped,
                Arrays.copyOf(offsets, room),
                Arrays.copyOf(positions, room),
                Arrays.copyOf(times, room));
    }

    /** The same {@code count} entries, the first {@code newlyMapped} of them in mapped memory. */
    IndexEntries remapped(ByteBuffer index, ByteBuffer timeIndex, int newlyMapped, int count) {
        int room = count == newlyMapped ? 0 : Math.max(16, count - newlyMapped);
        IndexEntries next =
                new IndexEntries(
                        index,
                        timeIndex,
                        newlyMapped,
                        new int[room],
                        new int[room],
                        new long[room]);
        for (int i = newlyMapped; i < count; i++) {
            next.put(i, relativeOffset(i), position(i), timestampBefore(i));
        }
        return next;
    }
}
