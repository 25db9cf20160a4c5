package io.mlog.core.metadata;

import java.util.List;

/**
 * A partition as the metadata has it.
 *
 * @param partition index within the topic
 * @param replicas broker ids, the preferred leader first
 * @param isr committed in-sync replicas, a subset of {@code replicas}
 * @param leader broker id of the leader, -1 while there is none
 * @param leaderEpoch number of the present leadership, 0 or more
 * @param partitionEpoch number of the last change of this image, for compare-and-set
 */
public record PartitionImage(
        int partition,
        List<Integer> replicas,
        List<Integer> isr,
        int leader,
        int leaderEpoch,
        int partitionEpoch) {
    /** In place of a broker id: the partition has no leader. */
    public static final int NO_LEADER = -1;

    public PartitionImage {
        replicas = List.copyOf(replicas);
        isr = List.copyOf(isr);
    }
}
