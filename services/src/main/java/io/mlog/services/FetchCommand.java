package io.mlog.services;

import io.mlog.model.TopicId;
import io.mlog.model.TopicPartition;
import java.util.List;

/**
 * What a consumer wants to read.
 *
 * @param allowFollower whether it is also served by a broker that does not lead the partition, from
 *     its own copy below its high watermark
 * @param maxWaitMs how long to wait for {@code minBytes}; 0 answers at once
 * @param minBytes answer as soon as this many bytes can be read over all partitions; 0 or 1:
 *     anything
 * @param maxBytes stop adding partitions once this many bytes are found (the first batch found is
 *     always returned, however large)
 * @param partitions in the order in which they are to be served
 */
public record FetchCommand(
        boolean allowFollower,
        int maxWaitMs,
        int minBytes,
        int maxBytes,
        List<PartitionFetch> partitions) {
    /** In place of an epoch: the client does not know it. */
    public static final int NO_EPOCH = -1;

    /** A consumer's fetch from the leaders. */
    public static FetchCommand ofConsumer(
            int maxWaitMs, int minBytes, int maxBytes, List<PartitionFetch> partitions) {
        return new FetchCommand(false, maxWaitMs, minBytes, maxBytes, partitions);
    }

    /**
     * One partition's part.
     *
     * @param topicId the topic that the client means by that name, {@link TopicId#ZERO} for
     *     whichever has it
     * @param offset first offset wanted
     * @param maxBytes most bytes of this partition, but at least one whole batch when it comes
     *     first
     * @param currentLeaderEpoch leader epoch the client believes in, {@link #NO_EPOCH} to skip the
     *     check
     */
    public record PartitionFetch(
            TopicPartition partition,
            TopicId topicId,
            long offset,
            int maxBytes,
            int currentLeaderEpoch) {
        /** A consumer's part, of whichever topic has the name. */
        public static PartitionFetch ofConsumer(
                TopicPartition partition, long offset, int maxBytes, int currentLeaderEpoch) {
            return new PartitionFetch(
                    partition, TopicId.ZERO, offset, maxBytes, currentLeaderEpoch);
        }
    }
}
