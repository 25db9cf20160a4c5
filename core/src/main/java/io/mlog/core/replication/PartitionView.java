package io.mlog.core.replication;

import java.util.List;
import java.util.Map;

/**
 * What the metadata says of a partition, as far as its replicas need it.
 *
 * @param leader broker id of the leader, {@link #NO_LEADER} while there is none
 * @param leaderEpoch number of the present leadership
 * @param partitionEpoch number of the last change, for compare-and-set
 * @param replicas broker ids
 * @param isr broker ids of the committed in-sync replicas
 * @param minIsr least size of {@code isr} at which records are committed
 * @param liveBoots present boots of those brokers among {@code replicas} that may be in sync: which
 *     are registered, not fenced and not about to stop
 */
public record PartitionView(
        int leader,
        int leaderEpoch,
        int partitionEpoch,
        List<Integer> replicas,
        List<Integer> isr,
        int minIsr,
        Map<Integer, Long> liveBoots) {
    /** In place of a broker id: nobody leads. */
    public static final int NO_LEADER = -1;

    public PartitionView {
        replicas = List.copyOf(replicas);
        isr = List.copyOf(isr);
        liveBoots = Map.copyOf(liveBoots);
    }
}
