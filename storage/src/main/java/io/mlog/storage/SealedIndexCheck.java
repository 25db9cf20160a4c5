package io.mlog.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;

/**
 * A quick look at a sealed segment's index files: sizes that belong together and a last time entry
 * that names the segment's end. Two small reads, so that a start costs little per segment; entries
 * are checked against batches when they are used.
 *
 * @param maxTimestamp of the segment, when good
 */
record SealedIndexCheck(boolean good, long maxTimestamp) {
    private static final SealedIndexCheck WRONG = new SealedIndexCheck(false, Long.MIN_VALUE);

    static SealedIndexCheck of(FileStore store, SegmentFiles files, Boundary end)
            throws IOException {
        try (StoreFile index = store.open(files.index(), FileStore.Open.READ);
                StoreFile times = store.open(files.timeIndex(), FileStore.Open.READ)) {
            long count = index.size() / IndexEntries.INDEX_BYTES;
            boolean whole =
                    index.size() == count * IndexEntries.INDEX_BYTES
                            && times.size() == (count + 1) * IndexEntries.TIME_INDEX_BYTES;
            if (!whole) {
                return WRONG;
            }
            ByteBuffer last = ByteBuffer.allocate(IndexEntries.TIME_INDEX_BYTES);
            times.read(last, count * IndexEntries.TIME_INDEX_BYTES);
            boolean endsRight = last.getInt(8) == end.offset() - files.baseOffset();
            return endsRight ? new SealedIndexCheck(true, last.getLong(0)) : WRONG;
        } catch (NoSuchFileException e) {
            return WRONG;
        }
    }
}
