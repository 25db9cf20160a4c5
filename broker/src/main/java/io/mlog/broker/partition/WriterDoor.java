package io.mlog.broker.partition;

import io.mlog.model.ErrorCode;
import io.mlog.model.MlogException;
import io.mlog.records.RecordsSlice;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.function.LongConsumer;

/**
 * Where a partition's only writer comes in when it is this broker itself: it writes under the
 * leader epoch that it knows, and reads what is not committed yet as well. Any thread; takes the
 * partition's lock but for reading.
 */
public final class WriterDoor {
    /** What {@link #leaderEpoch} says while this broker does not lead. */
    public static final int NOT_LEADING = -1;

    private final Replica replica;
    private final Partition partition;

    WriterDoor(Replica replica, Partition partition) {
        this.replica = replica;
        this.partition = partition;
    }

    /** The leader epoch in which this broker leads, {@value #NOT_LEADING} while it does not. */
    public int leaderEpoch() {
        return replica.stopped() == null && replica.role() instanceof Leading leading
                ? leading.leaderEpoch()
                : NOT_LEADING;
    }

    /**
     * Appends whole batches, assigning their offsets in place, as for acks=all: they count once the
     * high watermark passes them.
     *
     * @return the log end behind them
     * @throws MlogException NOT_LEADER when this broker does not lead in {@code leaderEpoch}, or as
     *     a producer with acks=all is refused; nothing was appended
     */
    public long append(int leaderEpoch, ByteBuffer batches) {
        return switch (partition.appendIn(leaderEpoch, batches)) {
            case AppendOutcome.Appended appended -> appended.lastOffset() + 1;
            case AppendOutcome.Refused(ErrorCode error, String message) ->
                    throw new MlogException(error, message);
        };
    }

    /**
     * Tells {@code listener} the high watermark now and whenever it moves in {@code leaderEpoch}:
     * in order, one call at a time, with no lock held. It is told nothing any more once another
     * leader epoch has begun or this broker serves the partition no longer.
     *
     * @return ends it
     */
    public Runnable follow(int leaderEpoch, LongConsumer listener) {
        Runnable[] end = {() -> {}};
        replica.locked(() -> {
            if (leaderEpoch() == leaderEpoch) {
                end[0] =
                        replica.commits.add(
                                leaderEpoch,
                                listener,
                                replica.highWatermark.value(),
                                replica.effects);
            }
        });
        return () -> replica.locked(end[0]);
    }

    /**
     * Whole batches from the one with {@code offset} on, up to the log end; one at least, though it
     * is larger than {@code maxBytes}; none at the log end. May block on the disk.
     *
     * @throws MlogException when they cannot be read
     */
    public ByteBuffer read(long offset, int maxBytes) {
        RecordsSlice slice = replica.log.read(offset, maxBytes, replica.log.logEndOffset(), true);
        try {
            ByteBuffer batches = ByteBuffer.allocate(slice.sizeBytes());
            slice.read(0, batches);
            return batches.flip();
        } catch (IOException failure) {
            throw new MlogException(
                    ErrorCode.STORAGE_ERROR,
                    "%s cannot be read at offset %d: %s"
                            .formatted(replica.name, offset, failure.getMessage()));
        } finally {
            slice.release();
        }
    }
}
