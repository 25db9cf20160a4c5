package io.mlog.records;

import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A record as it is read from a batch. Key, value and header values are views of the batch's bytes
 * (or of their decompressed form): not to be written to, and good only as long as the caller leaves
 * the batch's buffer alone.
 *
 * @param offset its offset in the log
 * @param timestampMs ms since the epoch, -1 when it has none; the broker's stamp when the batch is
 *     of log append time
 * @param key bytes between position and limit, or null
 * @param value bytes between position and limit, or null
 */
public record LogRecord(
        long offset,
        long timestampMs,
        @Nullable ByteBuffer key,
        @Nullable ByteBuffer value,
        List<RecordHeader> headers) {
    public LogRecord {
        headers = List.copyOf(headers);
    }
}
