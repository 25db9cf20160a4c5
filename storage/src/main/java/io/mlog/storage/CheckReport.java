package io.mlog.storage;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Counts what a check has seen and hands on what it found. One thread. */
final class CheckReport implements CheckListener {
    private static final long PROGRESS_BYTES = 16 << 20;

    private final CheckListener listener;
    private int partitions;
    private int segments;
    private long batches;
    private long bytes;
    private long toldBytes;
    private long findings;
    private long notes;

    CheckReport(CheckListener listener) {
        this.listener = listener;
    }

    void partition() {
        partitions++;
    }

    void segment() {
        segments++;
    }

    void batch(long sizeBytes) {
        batches++;
        bytes += sizeBytes;
        if (bytes - toldBytes >= PROGRESS_BYTES) {
            toldBytes = bytes;
            listener.progress(bytes);
        }
    }

    @Override
    public void finding(Damage damage) {
        findings++;
        listener.finding(damage);
    }

    @Override
    public void note(Damage damage) {
        notes++;
        listener.note(damage);
    }

    /** A finding when it concerns what was promised to stay, else a note. */
    void tell(boolean durable, Damage damage) {
        if (durable) {
            finding(damage);
        } else {
            note(damage);
        }
    }

    /** A file that cannot be read as what it should be. */
    void unreadable(Path file, IOException failure) {
        finding(asDamage(file, failure));
    }

    /** What a failure to read a file says about it. */
    static Damage asDamage(Path file, IOException failure) {
        return switch (failure) {
            case DamagedFileException damaged -> damaged.damage();
            case NoSuchFileException missing ->
                    new Damage(file.toString(), 0, -1, "this file", "none");
            default ->
                    new Damage(
                            file.toString(), 0, -1, "a file that can be read", failure.toString());
        };
    }

    CheckTotals totals() {
        return new CheckTotals(partitions, segments, batches, bytes, findings, notes);
    }
}
