package io.mlog.storage;

import io.mlog.model.TopicId;
import io.mlog.model.TopicPartition;
import io.mlog.records.RecordsSlice;
import io.mlog.storage.fake.DiskFaults;
import io.mlog.storage.fake.MemoryFileStore;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;

/** One partition's log in a data directory on a disk in memory, with the verbs of the tests. */
final class Disk implements AutoCloseable {
    static final TopicPartition ORDERS = new TopicPartition("orders", 0);
    static final TopicId ORDERS_ID = new TopicId(7, 8);
    static final Path ROOT = Path.of("/data");
    static final Path LOG_DIR = ROOT.resolve("orders-0");
    static final LogConfig SMALL = new LogConfig(1000, 1_000_000, 100, 100_000);

    final AtomicLong nowMs = new AtomicLong(1_000_000);
    LogConfig config;
    MemoryFileStore store = new MemoryFileStore(nowMs::get);
    DataDirectory directory;
    PartitionLog log;
    RecoveryReport report = new RecoveryReport(false, 0, 0, "", List.of());
    ProducerState producers = ProducerState.NONE;
    private final Random random;

    private Disk(LogConfig config, long seed) throws IOException {
        this.config = config;
        this.random = new Random(seed);
        directory = openDirectory();
        log = directory.createLog(ORDERS, ORDERS_ID, config, producers);
    }

    static Disk small() throws IOException {
        return new Disk(SMALL, 1);
    }

    static Disk with(LogConfig config) throws IOException {
        return new Disk(config, 1);
    }

    static Disk seeded(long seed) throws IOException {
        return new Disk(SMALL, seed);
    }

    private DataDirectory openDirectory() throws IOException {
        Clock clock = Clock.fixed(Instant.ofEpochMilli(nowMs.get()), ZoneOffset.UTC);
        return DataDirectory.open(store, ROOT, 0, clock, random);
    }

    DiskFaults faults() {
        return store.faults();
    }

    /** Appends one batch in epoch 0. */
    long append(String... values) {
        return append(0, values);
    }

    long append(int leaderEpoch, String... values) {
        return log.append(Batches.batch(nowMs.get(), values), leaderEpoch, nowMs.get());
    }

    /** Appends {@code count} batches of one record of about 100 bytes each. */
    void appendMany(int count) {
        for (int i = 0; i < count; i++) {
            append(value(log.logEndOffset()));
        }
    }

    static String value(long offset) {
        return String.format(Locale.ROOT, "record %06d ", offset) + "x".repeat(20);
    }

    void checkpoint() throws IOException {
        directory.writeCheckpoints(Map.of(ORDERS, log.flushedOffset()));
    }

    /** Cuts the power or kills the process, and opens the log again. */
    void crash(MemoryFileStore.Crash kind) throws IOException {
        store = store.crash(kind, random);
        reopen();
    }

    void stopCleanlyAndReopen() throws IOException {
        stopCleanly();
        reopen();
    }

    void stopCleanly() throws IOException {
        directory.closeCleanly(Map.of(ORDERS, log.flushedOffset()));
    }

    void reopen() throws IOException {
        directory = openDirectory();
        OpenedLog opened = openFound();
        if (!(opened instanceof OpenedLog.Ready ready)) {
            throw new AssertionError(opened.toString());
        }
        log = ready.log();
        report = ready.report();
    }

    OpenedLog openFound() throws IOException {
        FoundPartition found = directory.found().get(0);
        return directory
                .openLogs(
                        List.of(new LogToOpen(found, config, producers)),
                        Runnable::run,
                        (done, total, opened) -> {})
                .get(0);
    }

    /** Everything readable, batch by batch from the start. */
    List<String> readAll() throws IOException {
        return readFrom(log.logStartOffset());
    }

    List<String> readFrom(long offset) throws IOException {
        return readRange(offset, log.logEndOffset());
    }

    List<String> readRange(long offset, long end) throws IOException {
        List<String> all = new ArrayList<>();
        long next = offset;
        while (next < end) {
            RecordsSlice slice = log.read(next, 300, end, true);
            List<String> some = Batches.records(slice);
            if (some.isEmpty()) {
                return all;
            }
            for (String record : some) {
                long at = Long.parseLong(record.substring(0, record.indexOf('=')));
                if (at >= next) {
                    all.add(record);
                }
                next = Math.max(next, at + 1);
            }
        }
        return all;
    }

    /** What {@link #readFrom} gives for batches of {@link #appendMany}. */
    static List<String> expected(long from, long to) {
        List<String> all = new ArrayList<>();
        for (long offset = from; offset < to; offset++) {
            all.add(offset + "=" + value(offset));
        }
        return all;
    }

    Path segment(long baseOffset) {
        return new SegmentFiles(LOG_DIR, baseOffset).log();
    }

    long sizeOf(Path file) throws IOException {
        try (StoreFile open = store.open(file, FileStore.Open.READ)) {
            return open.size();
        }
    }

    @Override
    public void close() {
        directory.close();
    }
}
