package io.mlog.storage;

import java.nio.ByteBuffer;
import java.util.Map;

/**
 * The idempotent producers' state of one partition, which the broker keeps and the log saves,
 * restores and replays. The log calls it with the partition's lock held by its caller, or before
 * the log is handed out.
 *
 * <p>When {@link #snapshot} is called inside an append, the batch being appended must not be in the
 * state yet: the broker takes a batch in after {@link PartitionLog#append} has returned.
 */
public interface ProducerState {
    /** No producers: snapshots are empty and replay does nothing. */
    ProducerState NONE = new NoProducerState();

    /** The state after all batches below the log end offset; the bytes are opaque to the log. */
    byte[] snapshot();

    /** Forgets everything. */
    void reset();

    /**
     * Becomes what {@link #snapshot} once returned when the log ended at {@code offset}.
     *
     * @throws IllegalArgumentException when the bytes make no sense; an older snapshot is then used
     */
    void restore(long offset, ByteBuffer snapshot);

    /**
     * For each producer remembered, the base offset of its youngest remembered batch that begins
     * below {@code offset}: what is needed of a log to know its producers again. Producers without
     * such a batch are left out.
     */
    Map<Long, Long> lastBatchesBelow(long offset);

    /**
     * Takes in a batch found on disk, in offset order.
     *
     * @param header holds the batch's header (see {@link io.mlog.records.BatchHeader}) and no more,
     *     valid during the call
     * @param at where the header starts
     */
    void replay(ByteBuffer header, int at);
}
