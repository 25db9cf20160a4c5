package io.mlog.core.metadata;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A partition as the metadata has it.
 *
 * <p>An in-sync replica is named by broker, and means the copy in the data directory the broker is
 * registered with: a broker that comes with another directory leaves every ISR. Where it was all of
 * the ISR it stays in it by name, and {@code lostDirectory} tells which directory the copy is in.
 *
 * @param partition index within the topic
 * @param replicas broker ids, the preferred leader first
 * @param isr committed in-sync replicas in the order of {@code replicas}, never empty
 * @param leader broker id of the leader, one of {@code isr}; {@link #NO_LEADER} while there is none
 * @param leaderEpoch number of the present leadership, 0 or more; rises with every change of {@code
 *     leader} and of the leader's boot, and when a replica goes
 * @param partitionEpoch number of the last change of this image, for compare-and-set; rises with
 *     every change
 * @param addingReplicas those of {@code replicas} that a reassignment brings in
 * @param removingReplicas those of {@code replicas} that go when all {@code addingReplicas} are in
 *     sync
 * @param lostDirectory directory that holds the only in-sync copy while the broker of {@code isr}
 *     runs on another one; the partition then has no leader until that directory comes back or an
 *     unclean election gives the copy up. Null otherwise.
 */
public record PartitionImage(
        int partition,
        List<Integer> replicas,
        List<Integer> isr,
        int leader,
        int leaderEpoch,
        int partitionEpoch,
        List<Integer> addingReplicas,
        List<Integer> removingReplicas,
        @Nullable String lostDirectory) {
    /** In place of a broker id: the partition has no leader. */
    public static final int NO_LEADER = -1;

    public PartitionImage {
        replicas = List.copyOf(replicas);
        isr = List.copyOf(isr);
        addingReplicas = List.copyOf(addingReplicas);
        removingReplicas = List.copyOf(removingReplicas);
    }

    /** A partition that is not being reassigned and whose in-sync copies are where they should. */
    public PartitionImage(
            int partition,
            List<Integer> replicas,
            List<Integer> isr,
            int leader,
            int leaderEpoch,
            int partitionEpoch) {
        this(
                partition,
                replicas,
                isr,
                leader,
                leaderEpoch,
                partitionEpoch,
                List.of(),
                List.of(),
                null);
    }

    /** Whether somebody leads it. */
    public boolean hasLeader() {
        return leader != NO_LEADER;
    }

    /** Whether replicas are on their way in or out. */
    public boolean isReassigning() {
        return !addingReplicas.isEmpty() || !removingReplicas.isEmpty();
    }

    /** How many copies it has, those not counted that a reassignment is still bringing in. */
    public int replicationFactor() {
        return replicas.size() - addingReplicas.size();
    }
}
