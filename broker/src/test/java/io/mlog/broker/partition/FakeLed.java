package io.mlog.broker.partition;

import io.mlog.model.ErrorCode;
import io.mlog.model.OffsetAndEpoch;
import io.mlog.model.TopicPartition;
import io.mlog.records.RecordsSlice;
import io.mlog.services.PartitionFetched;
import io.mlog.services.ReplicaAsk;
import io.mlog.services.ReplicaIdentity;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A led partition whose records are ten bytes each. Its watchers are told within the call that
 * changes it, as the real one tells them after its lock.
 */
final class FakeLed implements LedPartition {
    static final int RECORD_BYTES = 10;

    final List<ReplicaAsk> acknowledged = new ArrayList<>();
    final Map<Integer, Long> fetchOffsets = new LinkedHashMap<>();
    int leaderEpoch = 5;
    long logEnd;
    long highWatermark;
    int slicesOut;
    int reads;
    @Nullable OffsetAndEpoch divergence;
    @Nullable Runnable whileWatching;
    private final int index;
    private final Map<AdvanceListener, Watch> watchers = new LinkedHashMap<>();

    private record Watch(long seenLogEnd, long told) {}

    FakeLed(int index) {
        this.index = index;
    }

    /** Appends so many records. */
    void append(int records) {
        logEnd += records;
        tell();
    }

    void commitTo(long offset) {
        highWatermark = offset;
        tell();
    }

    /** The leadership that followers know has ended. */
    void epoch(int newEpoch) {
        leaderEpoch = newEpoch;
        List<AdvanceListener> all = List.copyOf(watchers.keySet());
        watchers.clear();
        all.forEach(AdvanceListener::advanced);
    }

    int watchers() {
        return watchers.size();
    }

    private void tell() {
        List<AdvanceListener> due = new ArrayList<>();
        watchers.forEach((watcher, watch) -> {
            if (logEnd > watch.seenLogEnd || highWatermark > watch.told) {
                due.add(watcher);
            }
        });
        due.forEach(watchers::remove);
        due.forEach(AdvanceListener::advanced);
    }

    @Override
    public @Nullable PartitionFetched acknowledge(ReplicaIdentity who, ReplicaAsk ask) {
        acknowledged.add(ask);
        ErrorCode error = error(ask);
        if (error != ErrorCode.NONE) {
            return PartitionFetched.refused(name(), error, error.toString());
        }
        if (divergence != null) {
            return new PartitionFetched(
                    name(),
                    ErrorCode.NONE,
                    null,
                    highWatermark,
                    highWatermark,
                    0,
                    Optional.of(divergence),
                    RecordsSlice.EMPTY);
        }
        fetchOffsets.put(who.brokerId(), ask.fetchOffset());
        return null;
    }

    private ErrorCode error(ReplicaAsk ask) {
        if (ask.leaderEpoch() == leaderEpoch) {
            return ErrorCode.NONE;
        }
        return ask.leaderEpoch() < leaderEpoch
                ? ErrorCode.FENCED_LEADER_EPOCH
                : ErrorCode.UNKNOWN_LEADER_EPOCH;
    }

    @Override
    public PartitionFetched readForReplica(
            ReplicaAsk ask, int maxRecords, int maxBytes, boolean atLeastOneBatch) {
        reads++;
        ErrorCode error = error(ask);
        if (error != ErrorCode.NONE) {
            return PartitionFetched.refused(name(), error, error.toString());
        }
        long there = Math.min(maxRecords, logEnd - ask.fetchOffset());
        long fit = Math.max(atLeastOneBatch ? 1 : 0, maxBytes / RECORD_BYTES);
        return PartitionFetched.found(
                name(), highWatermark, highWatermark, 0, slice((int) Math.min(there, fit)));
    }

    @Override
    public boolean watchForReplica(
            AdvanceListener watcher, int epoch, long seenLogEnd, long toldHighWatermark) {
        if (whileWatching != null) {
            Runnable change = whileWatching;
            whileWatching = null;
            change.run();
        }
        boolean waits =
                epoch == leaderEpoch && logEnd <= seenLogEnd && highWatermark <= toldHighWatermark;
        if (waits) {
            watchers.put(watcher, new Watch(seenLogEnd, toldHighWatermark));
        }
        return waits;
    }

    @Override
    public void unwatchForReplica(AdvanceListener watcher) {
        watchers.remove(watcher);
    }

    private TopicPartition name() {
        return new TopicPartition("orders", index);
    }

    private RecordsSlice slice(int records) {
        if (records == 0) {
            return RecordsSlice.EMPTY;
        }
        slicesOut++;
        return new RecordsSlice() {
            @Override
            public int sizeBytes() {
                return records * RECORD_BYTES;
            }

            @Override
            public @Nullable FileChannel fileChannel() {
                return null;
            }

            @Override
            public long filePosition() {
                return 0;
            }

            @Override
            public void read(int from, ByteBuffer target) {
                target.position(target.limit());
            }

            @Override
            public void load() {}

            @Override
            public void release() {
                slicesOut--;
            }
        };
    }
}
