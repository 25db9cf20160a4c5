package io.mlog.storage;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How much of the disk records may still use: what is free less a margin kept for the metadata log.
 *
 * <p>Appends draw on a budget that {@link #measure} sets, so that no number of appends between two
 * measurements eats the margin. When the budget ends, the append that ended it measures again;
 * while the disk is full that happens at most every {@value #RETRY_MS} ms. Any thread.
 */
public final class DiskSpace {
    static final long RETRY_MS = 50;

    private final FileStore store;
    private final Path root;
    private final long marginBytes;
    private final AtomicLong budget = new AtomicLong();
    private final AtomicLong measuredAtMs = new AtomicLong(Long.MIN_VALUE);
    private volatile boolean full;
    private volatile Capacity capacity = new Capacity(0, 0);

    /** What the disk has, and how much of it can still be written, as of the last measurement. */
    public record Capacity(long totalBytes, long usableBytes) {}

    DiskSpace(FileStore store, Path root, long marginBytes) throws IOException {
        this.store = store;
        this.root = root;
        this.marginBytes = marginBytes;
        measure();
    }

    /** Whether records are refused at present. */
    public boolean full() {
        return full;
    }

    /** As of the last measurement. Costs nothing. */
    public Capacity capacity() {
        return capacity;
    }

    /** Bytes kept free for the metadata log. */
    public long marginBytes() {
        return marginBytes;
    }

    /** Looks at the disk again; to be called every second or so. */
    public void measure() throws IOException {
        long usable = store.usableBytes(root);
        capacity = new Capacity(store.totalBytes(root), usable);
        long left = usable - marginBytes;
        budget.set(left);
        full = left <= 0;
    }

    /** Whether so many more bytes fit, without taking them. */
    boolean fits(long bytes) throws IOException {
        return store.usableBytes(root) - marginBytes >= bytes;
    }

    /** Takes {@code bytes} for records, or refuses. */
    boolean take(long bytes, long nowMs) {
        if (!full && budget.addAndGet(-bytes) >= 0) {
            return true;
        }
        return takeAfterMeasuring(bytes, nowMs);
    }

    private boolean takeAfterMeasuring(long bytes, long nowMs) {
        long last = measuredAtMs.get();
        boolean due = nowMs < last || nowMs - last >= RETRY_MS || last == Long.MIN_VALUE;
        if (full && !(due && measuredAtMs.compareAndSet(last, nowMs))) {
            return false;
        }
        try {
            measure();
        } catch (IOException e) {
            full = true;
            return false;
        }
        boolean fits = !full && budget.addAndGet(-bytes) >= 0;
        full = !fits;
        return fits;
    }

    /** The system said that the disk is full. */
    void exhausted() {
        full = true;
    }

    /** The sentence for the client whose records are refused. */
    String refusal() {
        return "the disk of data directory "
                + root
                + " is full (at most "
                + marginBytes
                + " bytes, kept for the metadata log, are left): delete topics or records, lower"
                + " their retention, or add space; writing resumes by itself";
    }
}
