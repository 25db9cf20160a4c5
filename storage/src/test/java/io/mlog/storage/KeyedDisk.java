package io.mlog.storage;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.mlog.records.BatchHeader;
import io.mlog.records.Codec;
import io.mlog.records.RecordBatchBuilder;
import io.mlog.records.RecordReader;
import io.mlog.records.RecordsSlice;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** A log of records with keys on a disk in memory, with what was written to it beside. */
final class KeyedDisk implements AutoCloseable {
    static final CompactionConfig EAGER = new CompactionConfig(0, 0, Long.MAX_VALUE, 1000);

    final Disk disk;
    final List<Keyed> written = new ArrayList<>();
    CompactionConfig config = EAGER;
    long keyBytes = 1 << 20;

    /** A record; without a value a tombstone. */
    record Keyed(long offset, String key, @Nullable String value) {}

    KeyedDisk(Disk disk) {
        this.disk = disk;
    }

    static KeyedDisk small() throws IOException {
        return new KeyedDisk(Disk.small());
    }

    /** Appends one batch; an entry {@code k=v}, or {@code k} for a tombstone. */
    long append(String... entries) {
        return append(Codec.NONE, -1, 0, Math.max(0, disk.log.latestEpoch()), entries);
    }

    long append(Codec codec, long producerId, int sequence, int leaderEpoch, String... entries) {
        RecordBatchBuilder builder = new RecordBatchBuilder(1024, 1 << 20);
        builder.reset(codec);
        if (producerId >= 0) {
            builder.producer(producerId, (short) 0, sequence);
        }
        List<Keyed> records = new ArrayList<>();
        for (String entry : entries) {
            int at = entry.indexOf('=');
            String key = at < 0 ? entry : entry.substring(0, at);
            String value = at < 0 ? null : entry.substring(at + 1);
            long offset = disk.log.logEndOffset() + records.size();
            records.add(new Keyed(offset, key, value));
            builder.append(
                    disk.nowMs.get(), bytes(key), value == null ? null : bytes(value), List.of());
        }
        ByteBuffer built = builder.build();
        ByteBuffer batch = ByteBuffer.allocateDirect(built.remaining()).put(built).flip();
        long base = disk.log.append(batch, leaderEpoch, disk.nowMs.get());
        written.addAll(records);
        return base;
    }

    /** Random batches of up to five records of {@code keys} keys; one in six is a tombstone. */
    void appendRandom(RandomGenerator random, int batches, int keys, int leaderEpoch) {
        for (int i = 0; i < batches; i++) {
            String[] entries = new String[1 + random.nextInt(5)];
            for (int j = 0; j < entries.length; j++) {
                String key = "key" + random.nextInt(keys);
                String value = "=" + written.size() + "." + j + "x".repeat(random.nextInt(40));
                entries[j] = random.nextInt(6) == 0 ? key : key + value;
            }
            Codec codec = Codec.of(random.nextInt(5));
            append(codec, random.nextInt(4) == 0 ? 7 : -1, i, leaderEpoch, entries);
        }
    }

    /** Closes the active segment, so that all before can be compacted. */
    void rollAndFlush() {
        disk.log.roll();
        disk.log.flush();
    }

    Optional<CompactionReport> compact() {
        return compact(bytes -> true);
    }

    Optional<CompactionReport> compact(CompactionPace pace) {
        Optional<CompactionRun> run = plan();
        return run.map(planned -> planned.run(new CompactionMemory(keyBytes), pace));
    }

    Optional<CompactionRun> plan() {
        return disk.log.compaction(config, disk.nowMs.get(), disk.log.flushedOffset());
    }

    Dirtiness dirtiness() {
        return disk.log.dirtiness(config, disk.nowMs.get(), disk.log.flushedOffset());
    }

    /** Everything readable. */
    List<Keyed> read() throws IOException {
        return readFrom(disk.log.logStartOffset());
    }

    List<Keyed> readFrom(long offset) throws IOException {
        List<Keyed> all = new ArrayList<>();
        long next = offset;
        while (next < disk.log.logEndOffset()) {
            RecordsSlice slice = disk.log.read(next, 500, disk.log.logEndOffset(), true);
            ByteBuffer bytes = bytes(slice);
            for (int at = 0; at < bytes.limit(); at += BatchHeader.sizeBytes(bytes, at)) {
                add(bytes, at, next, all);
                next = BatchHeader.lastOffset(bytes, at) + 1;
            }
        }
        return all;
    }

    /** The batches' headers, all of them. */
    List<ByteBuffer> headers() throws IOException {
        List<ByteBuffer> all = new ArrayList<>();
        long next = disk.log.logStartOffset();
        while (next < disk.log.logEndOffset()) {
            ByteBuffer bytes = bytes(disk.log.read(next, 1, disk.log.logEndOffset(), true));
            all.add(bytes.slice(0, BatchHeader.SIZE));
            next = BatchHeader.lastOffset(bytes, 0) + 1;
        }
        return all;
    }

    static ByteBuffer bytes(RecordsSlice slice) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(slice.sizeBytes());
        try {
            slice.read(0, bytes);
        } finally {
            slice.release();
        }
        return bytes.flip();
    }

    private static void add(ByteBuffer bytes, int at, long from, List<Keyed> all) {
        try (RecordReader reader = RecordReader.open(bytes, at, 1 << 20)) {
            while (reader.hasNext()) {
                var next = reader.next();
                ByteBuffer key = next.key();
                ByteBuffer value = next.value();
                if (next.offset() >= from) {
                    all.add(
                            new Keyed(
                                    next.offset(),
                                    key == null ? "" : text(key),
                                    value == null ? null : text(value)));
                }
            }
        }
    }

    private static String text(ByteBuffer bytes) {
        return UTF_8.decode(bytes.duplicate()).toString();
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(UTF_8));
    }

    /** The latest record of each key, in order of keys; tombstones left out. */
    static Map<String, Keyed> latest(List<Keyed> records) {
        Map<String, Keyed> latest = new TreeMap<>();
        for (Keyed each : records) {
            if (each.value == null) {
                latest.remove(each.key);
            } else {
                latest.put(each.key, each);
            }
        }
        return latest;
    }

    Map<String, Keyed> model() {
        return latest(written);
    }

    /** How often the most frequent key is there below {@code end}. */
    static long mostOfOneKey(List<Keyed> records, long end) {
        Map<String, Long> counts = new HashMap<>();
        records.stream()
                .filter(each -> each.offset < end)
                .forEach(each -> counts.merge(each.key, 1L, Long::sum));
        return counts.values().stream().mapToLong(each -> each).max().orElse(0);
    }

    @Override
    public void close() {
        disk.close();
    }
}
