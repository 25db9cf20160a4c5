package io.mlog.storage;

/**
 * Where a log starts, and which leader epochs its batches are of. The log's writer changes them;
 * any thread reads.
 */
final class LogMarks {
    private volatile LeaderEpochs epochs;
    private volatile long startOffset;

    LogMarks(LeaderEpochs epochs, long startOffset) {
        this.epochs = epochs;
        this.startOffset = startOffset;
    }

    LeaderEpochs epochs() {
        return epochs;
    }

    /** First offset still readable. */
    long startOffset() {
        return startOffset;
    }

    void epochs(LeaderEpochs next) {
        epochs = next;
    }

    /** Records below {@code offset} are not readable any more. */
    void startAt(long offset) {
        startOffset = offset;
        epochs = epochs.startingAt(offset);
    }

    /** Records at and above {@code offset} are gone. */
    void endAt(long offset) {
        epochs = epochs.endingAt(offset);
    }

    /** Nothing is left; the next record will have {@code offset}. */
    void restartAt(long offset) {
        startOffset = offset;
        epochs = LeaderEpochs.EMPTY;
    }
}
