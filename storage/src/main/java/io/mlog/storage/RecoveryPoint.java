package io.mlog.storage;

import io.mlog.model.TopicId;

/**
 * What the next start may rely on about a log.
 *
 * @param topicId whose log it is
 * @param durable up to where everything is fsynced and checked
 * @param logStartOffset first offset still readable
 */
record RecoveryPoint(TopicId topicId, LogPoint durable, long logStartOffset) {}
