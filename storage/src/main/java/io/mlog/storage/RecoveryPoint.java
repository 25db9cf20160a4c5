package io.mlog.storage;

import io.mlog.model.TopicId;

/**
 * What the next start may rely on about a log.
 *
 * @param topicId whose log it is
 * @param durable up to where everything is fsynced and checked
 * @param logStartOffset first offset still readable
 */
record RecoveryPoint(TopicId topicId, LogPoint durable, long logStartOffset) {
    /** Whether the log had no records then: its only segment began where it ended. */
    boolean isEmptyThere() {
        return durable.position() == 0
                && durable.segmentBase() == durable.offset()
                && durable.offset() == logStartOffset;
    }
}
