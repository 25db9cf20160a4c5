package io.mlog.broker.partition;

import io.mlog.model.ErrorCode;

/**
 * Waits for appended records to be committed. Exactly one method is called, once, with no lock held
 * and on a thread that must not be blocked.
 */
interface CommitListener {
    /** The high watermark has passed the records. */
    void committed();

    /** They will not be acknowledged: the wait timed out, or the partition stopped serving. */
    void failed(ErrorCode error, String message);
}
