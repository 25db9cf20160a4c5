package io.mlog.services;

/** Which offset of a partition is asked for. */
public sealed interface OffsetWanted {
    /** The log start offset. */
    record Earliest() implements OffsetWanted {}

    /** The high watermark. */
    record Latest() implements OffsetWanted {}

    /** The offset of the record with the largest timestamp. */
    record MaxTimestamp() implements OffsetWanted {}

    /** The first record stamped at or after this time, in ms since the epoch. */
    record AtOrAfter(long timestampMs) implements OffsetWanted {}
}
