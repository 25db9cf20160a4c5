package io.mlog.broker.partition;

import io.mlog.records.LogRecord;
import io.mlog.records.RecordReader;
import io.mlog.records.RecordsSlice;
import io.mlog.services.OffsetFound;
import io.mlog.storage.FoundBatch;
import io.mlog.storage.PartitionLog;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Finds records of one partition by their timestamps: the log knows the batch, this opens it.
 * Blocks on the disk; any thread.
 */
final class TimeLookup {
    private static final OffsetFound NOTHING = new OffsetFound(-1, -1, -1);

    /** Most bytes that one batch may decompress to while it is searched. */
    private static final int MAX_DECOMPRESSED_BYTES = 256 << 20;

    private final PartitionLog log;
    private final long limitOffset;

    private TimeLookup(PartitionLog log, long limitOffset) {
        this.log = log;
        this.limitOffset = limitOffset;
    }

    /**
     * Looks below the partition's present high watermark.
     *
     * @throws io.mlog.model.MlogException as {@link Partition#latestOffset}: a replica that does
     *     not lead, or does not know how far it has to look, may miss what is looked for
     */
    static TimeLookup onLeader(Partition partition) {
        return new TimeLookup(partition.log(), partition.latestOffset());
    }

    /** The first record stamped at or after {@code timestampMs}. */
    OffsetFound atOrAfter(long timestampMs) throws IOException {
        Optional<FoundBatch> batch = log.offsetForTimestamp(timestampMs, limitOffset);
        return batch.isEmpty()
                ? NOTHING
                : firstIn(batch.get(), record -> record.timestampMs() >= timestampMs);
    }

    /** The first record with the largest timestamp. */
    OffsetFound maxTimestamp() throws IOException {
        Optional<FoundBatch> batch = log.maxTimestampOffset(limitOffset);
        if (batch.isEmpty()) {
            return NOTHING;
        }
        long largest = batch.get().maxTimestampMs();
        return firstIn(batch.get(), record -> record.timestampMs() == largest);
    }

    private OffsetFound firstIn(FoundBatch batch, Predicate<LogRecord> wanted) throws IOException {
        RecordsSlice slice = log.read(batch.baseOffset(), 1, limitOffset, true);
        try {
            ByteBuffer bytes = ByteBuffer.allocate(slice.sizeBytes());
            slice.read(0, bytes);
            try (RecordReader records =
                    RecordReader.open(bytes.flip(), 0, MAX_DECOMPRESSED_BYTES)) {
                while (records.hasNext()) {
                    LogRecord record = records.next();
                    if (wanted.test(record)) {
                        return new OffsetFound(
                                record.offset(), record.timestampMs(), batch.leaderEpoch());
                    }
                }
            }
            return NOTHING;
        } finally {
            slice.release();
        }
    }
}
