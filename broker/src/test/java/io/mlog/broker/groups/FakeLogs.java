package io.mlog.broker.groups;

import io.mlog.groups.CoordinatorLog;
import io.mlog.groups.CoordinatorLogs;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongConsumer;

/** Partitions that are led in the epochs that a test says; nobody writes to them. */
final class FakeLogs implements CoordinatorLogs {
    private final Map<Integer, Integer> epochs = new ConcurrentHashMap<>();

    void leads(int partition, int epoch) {
        epochs.put(partition, epoch);
    }

    void follows(int partition) {
        epochs.put(partition, -1);
    }

    void gone(int partition) {
        epochs.remove(partition);
    }

    @Override
    public Optional<CoordinatorLog> log(int partition) {
        return Optional.ofNullable(epochs.get(partition)).map(Log::new);
    }

    private record Log(int leaderEpoch) implements CoordinatorLog {
        private static AssertionError notHere() {
            return new AssertionError("only the coordinator writes and reads");
        }

        @Override
        public int maxBatchBytes() {
            throw notHere();
        }

        @Override
        public long append(int epoch, ByteBuffer batches) {
            throw notHere();
        }

        @Override
        public long startOffset() {
            throw notHere();
        }

        @Override
        public long endOffset() {
            throw notHere();
        }

        @Override
        public long highWatermark() {
            throw notHere();
        }

        @Override
        public ByteBuffer read(long offset, int maxBytes) {
            throw notHere();
        }

        @Override
        public Registration onHighWatermark(int epoch, LongConsumer listener) {
            throw notHere();
        }
    }
}
