package io.mlog.simulation;

import io.mlog.core.replication.IsrMember;
import io.mlog.core.replication.IsrProposal;
import io.mlog.model.TopicPartition;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Every in-sync set that a leader has asked for, whatever became of it: the maximal ISR. */
final class Proposals {
    private record Change(TopicPartition partition, int leaderEpoch, int partitionEpoch) {}

    private final Map<Change, Set<Integer>> members = new HashMap<>();

    void made(TopicPartition partition, IsrProposal proposal) {
        Change change = new Change(partition, proposal.leaderEpoch(), proposal.partitionEpoch());
        Set<Integer> all = members.computeIfAbsent(change, first -> new HashSet<>());
        for (IsrMember each : proposal.isr()) {
            all.add(each.brokerId());
        }
    }

    /** Brokers that were in any proposal made on that partition epoch. */
    Set<Integer> membersOf(TopicPartition partition, int leaderEpoch, int partitionEpoch) {
        return members.getOrDefault(new Change(partition, leaderEpoch, partitionEpoch), Set.of());
    }
}
