package io.mlog.broker.partition;

import io.mlog.model.ErrorCode;

/** What became of batches given to a partition. */
sealed interface AppendOutcome {
    /**
     * They are in the log, now or since an earlier request of which this is a duplicate.
     *
     * @param lastOffset offset of the last record
     * @param appendTimeMs the broker's stamp, -1 when it does not stamp
     * @param committed whether the high watermark has passed them already
     */
    record Appended(
            long baseOffset,
            long lastOffset,
            long appendTimeMs,
            long logStartOffset,
            boolean committed)
            implements AppendOutcome {}

    /** They are not, and the client is told why. */
    record Refused(ErrorCode error, String message) implements AppendOutcome {}
}
