package io.mlog.broker.rpc;

import io.mlog.model.MlogException;
import io.mlog.protocol.Bytes;
import io.mlog.protocol.FetchedRecord;
import io.mlog.protocol.RecordHeader;
import io.mlog.records.BatchHeader;
import io.mlog.records.LogRecord;
import io.mlog.records.RecordReader;
import io.mlog.records.RecordsSlice;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The records of a slice that a request asked for.
 *
 * @param entries from the wanted offset on, as many as fit
 * @param nextOffset the offset to ask for next, at least the one asked for
 */
record RecordsFound(List<FetchedRecord> entries, long nextOffset) {
    /** Most bytes that one compressed batch may decompress to, as a stream. */
    private static final int MAX_DECOMPRESSED_BYTES = 256 << 20;

    /**
     * How much is wanted.
     *
     * @param maxBytes of keys, values and headers; one record is returned however large
     */
    record Wanted(long offset, int maxCount, int maxBytes) {}

    /**
     * Reads them, on one thread and, from the first compressed batch on, perhaps on another. The
     * slice stays its caller's.
     */
    static final class Search {
        private final Gathering gathering;
        private final SliceBatches batches;

        /** Whether the present batch is still to be taken. */
        private boolean pending;

        Search(RecordsSlice slice, Wanted wanted) {
            gathering = new Gathering(wanted);
            batches = new SliceBatches(slice);
        }

        /**
         * Goes on to the end, or returns false in front of a compressed batch unless {@code
         * decompressing}. What lies before damaged bytes is found; damage is an error only when
         * there is nothing before it, so that a reader gets as far as it can and no further.
         *
         * @throws MlogException CORRUPT_MESSAGE when the first batch is damaged
         * @throws IOException when the disk cannot be read
         */
        boolean goOn(boolean decompressing) throws IOException {
            try {
                while (gathering.wantsMore() && (pending || batches.next())) {
                    pending = !decompressing && isCompressed();
                    if (pending) {
                        return false;
                    }
                    gathering.takeBatch(batches.buffer(), batches.at());
                }
            } catch (MlogException damage) {
                if (gathering.entries.isEmpty()) {
                    throw damage;
                }
            }
            return true;
        }

        private boolean isCompressed() {
            return BatchHeader.codecId(batches.buffer(), batches.at()) != 0;
        }

        RecordsFound found() {
            return new RecordsFound(gathering.entries, gathering.nextOffset);
        }
    }

    /** What was found so far. */
    private static final class Gathering {
        private final Wanted wanted;
        private final List<FetchedRecord> entries = new ArrayList<>();
        private long nextOffset;
        private long bytes;
        private boolean full;

        Gathering(Wanted wanted) {
            this.wanted = wanted;
            this.nextOffset = wanted.offset;
        }

        boolean wantsMore() {
            return !full && entries.size() < wanted.maxCount && bytes < wanted.maxBytes;
        }

        void takeBatch(ByteBuffer buffer, int at) {
            long afterBatch = BatchHeader.lastOffset(buffer, at) + 1;
            if (!BatchHeader.control(buffer, at)) {
                try (RecordReader records = RecordReader.open(buffer, at, MAX_DECOMPRESSED_BYTES)) {
                    records.skipTo(wanted.offset);
                    while (records.hasNext()) {
                        if (!wantsMore() || !take(records.next())) {
                            return;
                        }
                    }
                }
            }
            nextOffset = Math.max(nextOffset, afterBatch);
        }

        /** Takes the record unless it is too much. */
        private boolean take(LogRecord record) {
            FetchedRecord entry = fetched(record);
            long size = sizeBytes(entry);
            if (!entries.isEmpty() && bytes + size > wanted.maxBytes) {
                full = true;
                return false;
            }
            entries.add(entry);
            bytes += size;
            nextOffset = record.offset() + 1;
            return true;
        }
    }

    private static FetchedRecord fetched(LogRecord record) {
        return new FetchedRecord(
                record.offset(),
                record.timestampMs(),
                bytes(record.key()),
                bytes(record.value()),
                headers(record.headers()));
    }

    private static List<RecordHeader> headers(List<io.mlog.records.RecordHeader> headers) {
        return headers.isEmpty()
                ? List.of()
                : headers.stream()
                        .map(each -> new RecordHeader(each.key(), bytes(each.value())))
                        .toList();
    }

    /** A view: the pieces that {@link SliceBatches} reads are on the heap and stay as they are. */
    private static @Nullable Bytes bytes(@Nullable ByteBuffer view) {
        return view == null
                ? null
                : Bytes.of(view.array(), view.arrayOffset() + view.position(), view.remaining());
    }

    private static long sizeBytes(FetchedRecord record) {
        long bytes = length(record.key()) + (long) length(record.value());
        for (RecordHeader header : record.headers()) {
            bytes += header.key().length() + (long) length(header.value());
        }
        return bytes;
    }

    private static int length(@Nullable Bytes bytes) {
        return bytes == null ? 0 : bytes.length();
    }
}
