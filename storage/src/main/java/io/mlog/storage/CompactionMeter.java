package io.mlog.storage;

/** Counts what a compaction reads and writes, and lets its pace decide whether it goes on. */
final class CompactionMeter {
    private final CompactionPace pace;
    private long readBytes;
    private long writtenBytes;

    CompactionMeter(CompactionPace pace) {
        this.pace = pace;
    }

    void read(long bytes) throws CompactionStoppedException {
        readBytes += bytes;
        pass(bytes);
    }

    void written(long bytes) throws CompactionStoppedException {
        writtenBytes += bytes;
        pass(bytes);
    }

    private void pass(long bytes) throws CompactionStoppedException {
        if (!pace.passed(bytes)) {
            throw new CompactionStoppedException("it was told to stop");
        }
    }

    long readBytes() {
        return readBytes;
    }

    long writtenBytes() {
        return writtenBytes;
    }
}
