package io.mlog.storage;

/**
 * Which segments a log may let go. Time counts from the last append to a segment as this broker saw
 * it, so a record stamped in the future holds nothing back.
 *
 * @param nowMs present time, ms since the epoch
 * @param retentionMs -1: for ever
 * @param retentionBytes -1: any size
 * @param limitOffset only segments that end at or below it
 */
record Retention(long nowMs, long retentionMs, long retentionBytes, long limitOffset) {
    /** An idle active segment that is over-age is closed, so that it can go too. */
    boolean wantsRoll(Segment active) {
        Boundary end = active.end();
        return end.position() > 0 && end.offset() <= limitOffset && overAge(active);
    }

    /** How many of the first segments may go; never the active one. */
    int droppable(Segment[] segments) {
        long size = LogSegments.sizeBytes(segments);
        int count = 0;
        while (count < segments.length - 1) {
            Segment oldest = segments[count];
            long sizeWithout = size - oldest.end().position();
            boolean tooMuch = retentionBytes >= 0 && sizeWithout >= retentionBytes;
            boolean committed = segments[count + 1].baseOffset() <= limitOffset;
            if (!committed || !(tooMuch || overAge(oldest))) {
                return count;
            }
            size = sizeWithout;
            count++;
        }
        return count;
    }

    private boolean overAge(Segment segment) {
        return retentionMs >= 0 && nowMs - segment.lastAppendMs() > retentionMs;
    }
}
