package io.mlog.storage;

import io.mlog.records.BatchHeader;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Reads a held, closed segment batch by batch for a compaction: each whole, with its checksum
 * checked. One thread.
 */
final class BatchReader {
    private final BatchWalk walk;
    private final CompactionMemory memory;
    private ByteBuffer batch = ByteBuffer.allocate(0);

    BatchReader(Segment segment, Boundary from, CompactionMemory memory) {
        this.memory = memory;
        this.walk =
                new BatchWalk(
                        segment.file(),
                        segment.path(),
                        from,
                        segment.end().position(),
                        memory.window());
    }

    /** Goes to the next batch; false at the end. */
    boolean next() throws IOException, CorruptBatchException {
        if (!walk.next()) {
            return false;
        }
        walk.checkCrc();
        batch = memory.batch(walk.sizeBytes());
        walk.copyTo(batch);
        batch.flip();
        return true;
    }

    /** The present batch from 0 to the limit, on the heap; good until the next step. */
    ByteBuffer batch() {
        return batch;
    }

    /** Whether it has records that keys can be taken from. */
    boolean hasRecords() {
        return BatchHeader.recordCount(batch, 0) > 0 && !BatchHeader.control(batch, 0);
    }

    long baseOffset() {
        return walk.baseOffset();
    }

    long nextOffset() {
        return walk.nextOffset();
    }

    int position() {
        return walk.position();
    }
}
