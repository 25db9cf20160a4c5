package io.mlog.groups;

import java.nio.ByteBuffer;
import java.util.function.LongConsumer;

/**
 * One partition of {@code __consumer_offsets} as its coordinator sees it. The coordinator is its
 * only writer. Any thread; only {@link #read} may block, on a cold page.
 */
public interface CoordinatorLog {
    /** Largest record batch that {@link #append} takes, in bytes. */
    int maxBatchBytes();

    /** The leader epoch of this broker's present leadership; -1 while it does not lead. */
    int leaderEpoch();

    /**
     * Appends whole record batches (format v2, base offset 0 each), assigning offsets and leader
     * epoch in place, and returns the log end offset after them. They count once the high watermark
     * passes them, which {@link #onHighWatermark} tells.
     *
     * @param epoch the leadership that the caller writes under
     * @param batches from position to limit, on the heap; the caller's again when this returns, and
     *     used for the next ones then
     * @throws io.mlog.model.MlogException NOT_LEADER when this broker does not lead in {@code
     *     epoch}; NOT_ENOUGH_REPLICAS, STORAGE errors as for any producer with acks=all. Nothing
     *     was appended
     */
    long append(int epoch, ByteBuffer batches);

    /** First offset that is there. */
    long startOffset();

    /** The offset that the next record will get. */
    long endOffset();

    /** First offset not yet committed. */
    long highWatermark();

    /**
     * Whole batches from the one that contains {@code offset} on, the uncommitted tail included; at
     * least one batch even when it is larger than {@code maxBytes}; empty at the log end. After
     * compaction the first batch may begin beyond {@code offset}. The caller owns the buffer.
     *
     * @throws io.mlog.model.MlogException when the log cannot be read
     */
    ByteBuffer read(long offset, int maxBytes);

    /**
     * Tells {@code listener} the high watermark once now and whenever it moves, in order, never two
     * calls at once, on a thread that must not be blocked; never again once this broker stops
     * leading in {@code epoch}, nor after the registration is closed.
     */
    Registration onHighWatermark(int epoch, LongConsumer listener);

    /** Ends a listening; idempotent, does not block. */
    interface Registration extends AutoCloseable {
        @Override
        void close();
    }
}
