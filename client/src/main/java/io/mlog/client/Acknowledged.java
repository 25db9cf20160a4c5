package io.mlog.client;

import io.mlog.model.TopicPartition;

/**
 * Where a record is.
 *
 * @param offset of the record; {@link #UNKNOWN_OFFSET} with acks NONE, which tells nothing
 */
public record Acknowledged(TopicPartition partition, long offset) {
    /** In place of an offset that nobody told. */
    public static final long UNKNOWN_OFFSET = -1;
}
