package io.mlog.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The sparse offset index and time index of one segment. A cache: what it says is checked against
 * the batch found there, and it can always be made again from the log. Big-endian:
 *
 * <pre>
 * NNN.idx, 8 bytes an entry       NNN.timeidx, 12 bytes an entry
 *  0 4 relative offset of a batch  0 8 largest timestamp before that batch
 *  4 4 position of the batch       8 4 relative offset of the batch
 * </pre>
 *
 * <p>Entry {@code i} of both is about the same batch. The time index of a sealed segment has one
 * entry more: the segment's largest timestamp and the relative offset of its end.
 *
 * <p>The segment's writer adds; any thread searches. Files are written by {@link #persist} only,
 * never on the way of an append, and forced when the segment is closed. They only grow: an index
 * that lost entries is written to new files, so that mapped memory is never cut.
 */
final class SegmentIndex {
    /** What an entry is searched by; all three rise from entry to entry. */
    private enum Key {
        OFFSET,
        POSITION,
        TIMESTAMP;

        long of(IndexEntries entries, int i) {
            return switch (this) {
                case OFFSET -> entries.relativeOffset(i);
                case POSITION -> entries.position(i);
                case TIMESTAMP -> entries.timestampBefore(i);
            };
        }
    }

    /** Entries in arrays at which {@link #persist} moves them to mapped memory. */
    private static final int REMAP_ENTRIES = 1024;

    private final FileStore store;
    private final SegmentFiles files;
    private final Object persistLock = new Object();
    private volatile IndexEntries entries;
    private volatile int count;
    private int persisted;
    private boolean endPersisted;
    private boolean stale = true;
    private volatile @Nullable Boundary sealedEnd;
    private volatile long sealedTimestamp;

    private SegmentIndex(FileStore store, SegmentFiles files, IndexEntries entries, int count) {
        this.store = store;
        this.files = files;
        this.entries = entries;
        this.count = count;
        this.persisted = count;
    }

    /** An index without entries; the first {@link #persist} replaces whatever files there are. */
    static SegmentIndex empty(FileStore store, SegmentFiles files) {
        return new SegmentIndex(store, files, IndexEntries.empty(), 0);
    }

    /**
     * The index as it is on disk.
     *
     * @return null when the files are missing or do not belong together
     */
    static @Nullable SegmentIndex load(FileStore store, SegmentFiles files, boolean sealed)
            throws IOException {
        try (StoreFile index = store.open(files.index(), FileStore.Open.READ);
                StoreFile times = store.open(files.timeIndex(), FileStore.Open.READ)) {
            long pairs = times.size() / IndexEntries.TIME_INDEX_BYTES - (sealed ? 1 : 0);
            long count = Math.min(index.size() / IndexEntries.INDEX_BYTES, pairs);
            if (count < 0 || count > Integer.MAX_VALUE / IndexEntries.TIME_INDEX_BYTES) {
                return null;
            }
            SegmentIndex loaded = map(store, files, index, times, (int) count);
            if (sealed) {
                loaded.endPersisted = true;
                loaded.stale = false;
            } else {
                // Files of an active segment may end in half an entry: they are written anew.
                boolean whole =
                        index.size() == count * IndexEntries.INDEX_BYTES
                                && times.size() == count * IndexEntries.TIME_INDEX_BYTES;
                loaded.persisted = whole ? (int) count : 0;
                loaded.stale = !whole;
            }
            return loaded.rises() ? loaded : null;
        } catch (NoSuchFileException e) {
            return null;
        }
    }

    private static SegmentIndex map(
            FileStore store, SegmentFiles files, StoreFile index, StoreFile times, int count)
            throws IOException {
        if (count == 0) {
            return empty(store, files);
        }
        ByteBuffer offsets = index.map((long) count * IndexEntries.INDEX_BYTES);
        ByteBuffer stamps = times.map((long) count * IndexEntries.TIME_INDEX_BYTES);
        return new SegmentIndex(store, files, IndexEntries.mapped(offsets, stamps, count), count);
    }

    private boolean rises() {
        IndexEntries all = entries;
        for (int i = 0; i < count; i++) {
            int before = i == 0 ? 0 : all.relativeOffset(i - 1);
            int positionBefore = i == 0 ? 0 : all.position(i - 1);
            long timestampBefore = i == 0 ? Long.MIN_VALUE : all.timestampBefore(i - 1);
            if (all.relativeOffset(i) <= before
                    || all.position(i) <= positionBefore
                    || all.timestampBefore(i) < timestampBefore
                    || all.timedOffset(i) != all.relativeOffset(i)) {
                return false;
            }
        }
        return true;
    }

    /** Adds an entry; the segment's writer only. */
    void add(Boundary batch, long timestampBefore) {
        synchronized (this) {
            int i = count;
            if (!entries.hasRoomFor(i)) {
                entries = entries.grown();
            }
            entries.put(i, relative(batch.offset()), batch.position(), timestampBefore);
            count = i + 1;
        }
    }

    /** Where to begin looking for a batch that holds {@code offset}: at or before it. */
    Boundary floor(long offset, Boundary first) {
        return floor(Key.OFFSET, offset - files.baseOffset(), first);
    }

    /** The last known boundary at or before {@code position}. */
    Boundary floorByPosition(long position, Boundary first) {
        return floor(Key.POSITION, position, first);
    }

    /** The last known boundary before which every timestamp is below {@code timestamp}. */
    Boundary floorByTimestamp(long timestamp, Boundary first) {
        return timestamp == Long.MIN_VALUE ? first : floor(Key.TIMESTAMP, timestamp - 1, first);
    }

    /** Largest timestamp before that boundary; {@link Long#MIN_VALUE} when there is none. */
    long timestampBefore(long position) {
        int i = search(Key.POSITION, position);
        return i < 0 ? Long.MIN_VALUE : entries.timestampBefore(i);
    }

    private Boundary floor(Key key, long wanted, Boundary first) {
        int i = search(key, wanted);
        return i < 0 ? first : boundary(entries, i);
    }

    /** The last entry whose key is at most {@code wanted}, -1 when none. */
    private int search(Key key, long wanted) {
        int low = 0;
        int high = count - 1;
        IndexEntries all = entries;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            if (key.of(all, middle) <= wanted) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return high;
    }

    private Boundary boundary(IndexEntries all, int i) {
        return new Boundary(files.baseOffset() + all.relativeOffset(i), all.position(i));
    }

    SegmentFiles files() {
        return files;
    }

    int count() {
        return count;
    }

    /** The boundary of the last entry, or {@code first} when there is none. */
    Boundary last(Boundary first) {
        int known = count;
        return known == 0 ? first : boundary(entries, known - 1);
    }

    /** Largest timestamp before the last entry's batch; {@link Long#MIN_VALUE} when none. */
    long timestampBeforeLast() {
        int known = count;
        return known == 0 ? Long.MIN_VALUE : entries.timestampBefore(known - 1);
    }

    /** A copy with only the entries below {@code position}, to be written to new files. */
    SegmentIndex cutAt(int position) {
        IndexEntries all = entries;
        int kept = count;
        while (kept > 0 && all.position(kept - 1) >= position) {
            kept--;
        }
        IndexEntries copy = all.remapped(IndexEntries.NONE, IndexEntries.NONE, 0, kept);
        SegmentIndex cut = new SegmentIndex(store, files, copy, kept);
        cut.persisted = 0;
        return cut;
    }

    /** A copy for the same segment under other names, to be written to new files. */
    SegmentIndex named(SegmentFiles otherFiles) {
        int all = count;
        IndexEntries copy = entries.remapped(IndexEntries.NONE, IndexEntries.NONE, 0, all);
        SegmentIndex named = new SegmentIndex(store, otherFiles, copy, all);
        named.persisted = 0;
        named.sealedTimestamp = sealedTimestamp;
        named.sealedEnd = sealedEnd;
        return named;
    }

    /**
     * Deletes the files, which say what is no longer so; the next {@link #persist} makes others.
     */
    void deleteFiles() throws IOException {
        synchronized (persistLock) {
            store.delete(files.index());
            store.delete(files.timeIndex());
            persisted = 0;
            stale = false;
        }
    }

    /** No entry follows; the segment ends at {@code end} and has no timestamp above this. */
    void seal(Boundary end, long maxTimestamp) {
        sealedTimestamp = maxTimestamp;
        sealedEnd = end;
    }

    /** Writes what is not yet in the files; durable only for a closed segment. */
    void persist() throws IOException {
        synchronized (persistLock) {
            int known = count;
            Boundary end = sealedEnd;
            boolean writeEnd = end != null && !endPersisted;
            if (known == persisted && !writeEnd && !stale) {
                return;
            }
            if (persisted == 0) {
                deleteFiles();
            }
            if (known == 0 && !writeEnd) {
                return;
            }
            try (StoreFile index = openForPersist(files.index());
                    StoreFile times = openForPersist(files.timeIndex())) {
                writeEntries(index, times, known);
                if (writeEnd && end != null) {
                    force(index, times);
                    writeEnd(times, known, end);
                }
                if (known - entries.mapped() >= REMAP_ENTRIES || writeEnd) {
                    remap(index, times, known);
                }
            }
        }
    }

    private StoreFile openForPersist(Path path) throws IOException {
        return store.open(path, persisted == 0 ? FileStore.Open.CREATE : FileStore.Open.WRITE);
    }

    private void writeEntries(StoreFile index, StoreFile times, int known) throws IOException {
        IndexEntries all = entries;
        int fresh = known - persisted;
        ByteBuffer offsets = ByteBuffer.allocate(fresh * IndexEntries.INDEX_BYTES);
        ByteBuffer stamps = ByteBuffer.allocate(fresh * IndexEntries.TIME_INDEX_BYTES);
        for (int i = persisted; i < known; i++) {
            offsets.putInt(all.relativeOffset(i)).putInt(all.position(i));
            stamps.putLong(all.timestampBefore(i)).putInt(all.relativeOffset(i));
        }
        index.write(offsets.flip(), (long) persisted * IndexEntries.INDEX_BYTES);
        times.write(stamps.flip(), (long) persisted * IndexEntries.TIME_INDEX_BYTES);
        persisted = known;
    }

    /**
     * A closed segment's index is believed by its end entry alone, so that entry may not outlive
     * the others in a loss of power. After a failure everything is written again, to new files.
     */
    private void force(StoreFile index, StoreFile times) throws IOException {
        try {
            index.force();
            times.force();
        } catch (IOException e) {
            persisted = 0;
            throw e;
        }
    }

    private void writeEnd(StoreFile times, int known, Boundary end) throws IOException {
        ByteBuffer last = ByteBuffer.allocate(IndexEntries.TIME_INDEX_BYTES);
        last.putLong(sealedTimestamp).putInt(relative(end.offset())).flip();
        times.write(last, (long) known * IndexEntries.TIME_INDEX_BYTES);
        endPersisted = true;
    }

    private void remap(StoreFile index, StoreFile times, int known) throws IOException {
        if (known == 0) {
            return;
        }
        ByteBuffer offsets = index.map((long) known * IndexEntries.INDEX_BYTES);
        ByteBuffer stamps = times.map((long) known * IndexEntries.TIME_INDEX_BYTES);
        synchronized (this) {
            entries = entries.remapped(offsets, stamps, known, count);
        }
    }

    private int relative(long offset) {
        return Math.toIntExact(offset - files.baseOffset());
    }
}
