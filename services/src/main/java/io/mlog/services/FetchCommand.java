package io.mlog.services;

import io.mlog.model.TopicPartition;
import java.util.List;

/**
 * What a consumer wants to read.
 *
 * @param maxWaitMs how long to wait for {@code minBytes}; 0 answers at once
 * @param minBytes answer as soon as this many bytes can be read over all partitions; 0 or 1:
 *     anything
 * @param maxBytes stop adding partitions once this many bytes are found (the first batch found is
 *     always returned, however large)
 * @param partitions in the order in which they are to be served
 */
public record FetchCommand(
        int maxWaitMs, int minBytes, int maxBytes, List<PartitionFetch> partitions) {
    /** In place of an epoch: the client does not know it. */
    public static final int NO_EPOCH = -1;

    /**
     * One partition's part.
     *
     * @param offset first offset wanted
     * @param maxBytes most bytes of this partition, but at least one whole batch when it comes
     *     first
     * @param currentLeaderEpoch leader epoch the client believes in, {@link #NO_EPOCH} to skip the
     *     check
     */
    public record PartitionFetch(
            TopicPartition partition, long offset, int maxBytes, int currentLeaderEpoch) {}
}
