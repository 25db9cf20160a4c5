package io.mlog.core.replication;

import java.util.List;

/**
 * An in-sync set that a leader wishes for. It is no in-sync set: only the metadata makes one
 * committed, by compare-and-set on both epochs.
 *
 * @param leaderEpoch of the leadership that wishes it
 * @param partitionEpoch of the image it starts from
 * @param isr the wished set, the leader included, in the order of the replicas
 */
public record IsrProposal(int leaderEpoch, int partitionEpoch, List<IsrMember> isr) {
    public IsrProposal {
        isr = List.copyOf(isr);
    }
}
