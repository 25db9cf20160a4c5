package io.mlog.client;

/** Where a consumer begins in each of its partitions. */
public sealed interface StartAt {
    /** Where its id has committed; a partition without a commit begins at the log start. */
    record Committed() implements StartAt {}

    /** At the first record that can still be read. */
    record Beginning() implements StartAt {}

    /** At the next record to come. */
    record End() implements StartAt {}

    /**
     * At an offset, the same in every partition.
     *
     * @param offset 0 or more
     */
    record Offset(long offset) implements StartAt {
        public Offset {
            Limits.atLeast("offset", offset, 0);
        }
    }

    /**
     * At the first record stamped then or later, else at the next one to come.
     *
     * @param timestampMs ms since the epoch, 0 or more
     */
    record Time(long timestampMs) implements StartAt {
        public Time {
            Limits.atLeast("timestampMs", timestampMs, 0);
        }
    }
}
