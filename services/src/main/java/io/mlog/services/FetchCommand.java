package io.mlog.services;

import io.mlog.model.TopicId;
import io.mlog.model.TopicPartition;
import java.util.List;
import java.util.Optional;

/**
 * What a consumer, or a replica of another broker, wants to read.
 *
 * @param replica the follower that fetches; empty for a consumer. A follower reads up to the log
 *     end, and its fetch offsets are its acknowledgements.
 * @param allowFollower whether a consumer is also served by a broker that does not lead the
 *     partition, from its own copy below its high watermark
 * @param maxWaitMs how long to wait for {@code minBytes}; 0 answers at once
 * @param minBytes answer as soon as this many bytes can be read over all partitions; 0 or 1:
 *     anything
 * @param maxBytes stop adding partitions once this many bytes are found (the first batch found is
 *     always returned, however large)
 * @param partitions in the order in which they are to be served
 */
public record FetchCommand(
        Optional<ReplicaIdentity> replica,
        boolean allowFollower,
        int maxWaitMs,
        int minBytes,
        int maxBytes,
        List<PartitionFetch> partitions) {
    /** In place of an epoch: the client does not know it. */
    public static final int NO_EPOCH = -1;

    /** In place of an offset: the client does not tell it. */
    public static final long NO_OFFSET = -1;

    /** A consumer's fetch from the leaders. */
    public static FetchCommand ofConsumer(
            int maxWaitMs, int minBytes, int maxBytes, List<PartitionFetch> partitions) {
        return new FetchCommand(Optional.empty(), false, maxWaitMs, minBytes, maxBytes, partitions);
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
     * @param lastFetchedEpoch leader epoch of the client's last record below {@code offset}, {@link
     *     #NO_EPOCH} when it is not told
     * @param logStartOffset a follower's log start offset, {@link #NO_OFFSET} when it is not told
     */
    public record PartitionFetch(
            TopicPartition partition,
            TopicId topicId,
            long offset,
            int maxBytes,
            int currentLeaderEpoch,
            int lastFetchedEpoch,
            long logStartOffset) {
        /** A consumer's part, of whichever topic has the name. */
        public static PartitionFetch ofConsumer(
                TopicPartition partition, long offset, int maxBytes, int currentLeaderEpoch) {
            return new PartitionFetch(
                    partition,
                    TopicId.ZERO,
                    offset,
                    maxBytes,
                    currentLeaderEpoch,
                    NO_EPOCH,
                    NO_OFFSET);
        }
    }
}
