package io.mlog.storage;

import io.mlog.model.OffsetAndEpoch;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Which leader epoch began at which offset of a log. Immutable; both rise from entry to entry.
 *
 * <p>Body of the {@code leader-epochs} file, big-endian:
 *
 * <pre>
 * 0  4 number of entries
 * 4  - entries of 12 bytes: 4 leader epoch, 8 start offset
 * </pre>
 */
final class LeaderEpochs {
    static final LeaderEpochs EMPTY = new LeaderEpochs(new int[0], new long[0]);

    private static final int ENTRY_BYTES = 12;

    private final int[] epochs;
    private final long[] starts;

    private LeaderEpochs(int[] epochs, long[] starts) {
        this.epochs = epochs;
        this.starts = starts;
    }

    int latest() {
        return epochs.length == 0 ? -1 : epochs[epochs.length - 1];
    }

    int size() {
        return epochs.length;
    }

    int epoch(int i) {
        return epochs[i];
    }

    long start(int i) {
        return starts[i];
    }

    /** With {@code epoch} beginning at {@code offset}; the same when it is not newer. */
    LeaderEpochs with(int epoch, long offset) {
        if (epoch <= latest()) {
            return this;
        }
        LeaderEpochs base = endingAt(offset);
        int[] nextEpochs = Arrays.copyOf(base.epochs, base.epochs.length + 1);
        long[] nextStarts = Arrays.copyOf(base.starts, base.starts.length + 1);
        nextEpochs[base.epochs.length] = epoch;
        nextStarts[base.starts.length] = offset;
        return new LeaderEpochs(nextEpochs, nextStarts);
    }

    /** Without the epochs that began at or above {@code offset}. */
    LeaderEpochs endingAt(long offset) {
        int kept = epochs.length;
        while (kept > 0 && starts[kept - 1] >= offset) {
            kept--;
        }
        return kept == epochs.length
                ? this
                : new LeaderEpochs(Arrays.copyOf(epochs, kept), Arrays.copyOf(starts, kept));
    }

    /** Without the epochs that ended at or below {@code offset}. */
    LeaderEpochs startingAt(long offset) {
        int first = 0;
        while (first + 1 < epochs.length && starts[first + 1] <= offset) {
            first++;
        }
        return first == 0
                ? this
                : new LeaderEpochs(
                        Arrays.copyOfRange(epochs, first, epochs.length),
                        Arrays.copyOfRange(starts, first, starts.length));
    }

    /** Epoch of the record at {@code offset}, -1 when it is older than all. */
    int epochAt(long offset) {
        int i = starts.length - 1;
        while (i >= 0 && starts[i] > offset) {
            i--;
        }
        return i < 0 ? -1 : epochs[i];
    }

    /** The largest epoch at or below {@code epoch} and its end, (-1, -1) when none. */
    OffsetAndEpoch endOf(int epoch, long logEndOffset) {
        for (int i = epochs.length - 1; i >= 0; i--) {
            if (epochs[i] <= epoch) {
                long end = i + 1 < starts.length ? starts[i + 1] : logEndOffset;
                return new OffsetAndEpoch(end, epochs[i]);
            }
        }
        return new OffsetAndEpoch(-1, -1);
    }

    /** The first epoch and where it began, (-1, -1) when there is none. */
    OffsetAndEpoch first() {
        return epochs.length == 0
                ? new OffsetAndEpoch(-1, -1)
                : new OffsetAndEpoch(starts[0], epochs[0]);
    }

    ByteBuffer encode() {
        ByteBuffer body = ByteBuffer.allocate(4 + epochs.length * ENTRY_BYTES);
        body.putInt(epochs.length);
        for (int i = 0; i < epochs.length; i++) {
            body.putInt(epochs[i]).putLong(starts[i]);
        }
        return body.flip();
    }

    /**
     * Reads what {@link #encode} wrote.
     *
     * @throws IllegalArgumentException when it is not that
     */
    static LeaderEpochs decode(ByteBuffer body) {
        int count = body.remaining() < 4 ? -1 : body.getInt();
        if (count < 0 || body.remaining() != (long) count * ENTRY_BYTES) {
            throw new IllegalArgumentException(
                    count + " entries of 12 bytes in " + body.remaining() + " bytes");
        }
        LeaderEpochs all = EMPTY;
        int[] epochs = new int[count];
        long[] starts = new long[count];
        for (int i = 0; i < count; i++) {
            epochs[i] = body.getInt();
            starts[i] = body.getLong();
            if (i > 0 && (epochs[i] <= epochs[i - 1] || starts[i] <= starts[i - 1])) {
                throw new IllegalArgumentException(
                        "epoch " + epochs[i] + " at offset " + starts[i] + " does not rise");
            }
        }
        return count == 0 ? all : new LeaderEpochs(epochs, starts);
    }
}
