package io.mlog.groups.coordinator;

import io.mlog.groups.CoordinatorLog;
import io.mlog.model.ErrorCode;
import io.mlog.model.MlogException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongConsumer;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/**
 * A partition of the offsets topic in memory, as one cluster sees it: brokers that take turns in
 * leading share it. Commits what is appended at once unless told to {@linkplain #hold}.
 */
final class MemoryLog implements CoordinatorLog {
    private static final int LEADER_EPOCH_AT = 12;
    private static final int LAST_OFFSET_DELTA_AT = 23;
    private static final int LENGTH_AT = 8;
    private static final int LENGTH_END = 12;

    private final List<ByteBuffer> batches = new ArrayList<>();
    private final Map<LongConsumer, Integer> listeners = new HashMap<>();
    private int epoch = -1;
    private long end;
    private long highWatermark;
    private boolean held;
    private @Nullable ErrorCode refusal;
    private boolean ambiguous;
    private int looksBeforeCommit;
    private long looks;
    private @Nullable Runnable beforeRead;
    private @Nullable Runnable beforeAppend;

    // ---- what tests do

    synchronized void lead(int leaderEpoch) {
        epoch = leaderEpoch;
        listeners.clear();
    }

    synchronized void lose() {
        lead(-1);
    }

    /** Nothing is committed until {@link #commitAll}. */
    synchronized void hold() {
        held = true;
    }

    synchronized void commitAll() {
        held = false;
        commit(end);
    }

    /** Everything is committed when the high watermark has been looked at so often. */
    synchronized void commitAllAtLook(int number) {
        looksBeforeCommit = number;
    }

    synchronized void commit(long offset) {
        highWatermark = offset;
        listeners.forEach((listener, tenure) -> listener.accept(offset));
    }

    /** Every append is refused until {@code null} is given. */
    synchronized void refuse(@Nullable ErrorCode code) {
        refusal = code;
    }

    /** The next append takes place, and its caller is told that it did not. */
    synchronized void loseNextAnswer() {
        ambiguous = true;
    }

    /** Compaction: removes the batches whose base offset is meant, below the high watermark. */
    synchronized void remove(LongPredicate baseOffsets) {
        batches.removeIf(
                batch -> next(batch) <= highWatermark && baseOffsets.test(batch.getLong(0)));
    }

    /** Compaction as our storage does it: an empty batch covers the offsets of each. */
    synchronized void empty(LongPredicate baseOffsets) {
        batches.replaceAll(batch ->
                baseOffsets.test(batch.getLong(0))
                        ? EmptyBatch.of(batch.getLong(0), next(batch) - 1, epoch)
                        : batch);
    }

    synchronized void beforeNextRead(Runnable action) {
        beforeRead = action;
    }

    synchronized void beforeNextAppend(Runnable action) {
        beforeAppend = action;
    }

    /** Until something was appended at or behind that offset. */
    void awaitAppend(long offset) {
        while (endOffset() <= offset) {
            LockSupport.parkNanos(1_000_000);
        }
    }

    /** How often the high watermark was looked at. */
    synchronized long looks() {
        return looks;
    }

    synchronized int listeners() {
        return listeners.size();
    }

    synchronized List<Integer> epochs() {
        return batches.stream().map(batch -> batch.getInt(LEADER_EPOCH_AT)).toList();
    }

    // ---- what coordinators do

    @Override
    public int maxBatchBytes() {
        return 1 << 20;
    }

    @Override
    public synchronized int leaderEpoch() {
        return epoch;
    }

    @Override
    public long append(int tenure, ByteBuffer appended) {
        Runnable action = takeBeforeAppend();
        if (action != null) {
            action.run();
        }
        return appendNow(tenure, appended);
    }

    private synchronized @Nullable Runnable takeBeforeAppend() {
        Runnable action = beforeAppend;
        beforeAppend = null;
        return action;
    }

    private synchronized long appendNow(int tenure, ByteBuffer appended) {
        if (tenure != epoch) {
            throw new MlogException(
                    ErrorCode.NOT_LEADER, "leading in epoch " + epoch + ", not " + tenure);
        }
        if (refusal != null) {
            throw new MlogException(refusal, "refused by the test");
        }
        while (appended.hasRemaining()) {
            int size = LENGTH_END + appended.getInt(appended.position() + LENGTH_AT);
            ByteBuffer batch = appended.slice(appended.position(), size);
            batch.putLong(0, end).putInt(LEADER_EPOCH_AT, epoch);
            batches.add(ByteBuffer.allocate(size).put(batch.duplicate()).flip());
            appended.position(appended.position() + size);
            end = next(batch);
        }
        if (!held) {
            commit(end);
        }
        if (ambiguous) {
            ambiguous = false;
            throw new MlogException(ErrorCode.STORAGE_ERROR, "the answer is lost by the test");
        }
        return end;
    }

    private static long next(ByteBuffer batch) {
        return batch.getLong(0) + batch.getInt(LAST_OFFSET_DELTA_AT) + 1;
    }

    @Override
    public long startOffset() {
        return 0;
    }

    @Override
    public synchronized long endOffset() {
        return end;
    }

    @Override
    public synchronized long highWatermark() {
        looks++;
        if (looksBeforeCommit > 0 && --looksBeforeCommit == 0) {
            commitAll();
        }
        return highWatermark;
    }

    @Override
    public ByteBuffer read(long offset, int maxBytes) {
        Runnable action = takeBeforeRead();
        if (action != null) {
            action.run();
        }
        return readNow(offset, maxBytes);
    }

    private synchronized @Nullable Runnable takeBeforeRead() {
        Runnable action = beforeRead;
        beforeRead = null;
        return action;
    }

    private synchronized ByteBuffer readNow(long offset, int maxBytes) {
        ByteBuffer read = ByteBuffer.allocate(Math.max(maxBytes, 1 << 20));
        int taken = 0;
        for (ByteBuffer batch : batches) {
            if (next(batch) > offset) {
                if (taken > 0 && taken + batch.remaining() > maxBytes) {
                    break;
                }
                read.put(batch.duplicate());
                taken += batch.remaining();
            }
        }
        return read.flip();
    }

    @Override
    public synchronized Registration onHighWatermark(int tenure, LongConsumer listener) {
        if (tenure == epoch) {
            listeners.put(listener, tenure);
            listener.accept(highWatermark);
        }
        return () -> {
            synchronized (this) {
                listeners.remove(listener);
            }
        };
    }
}
