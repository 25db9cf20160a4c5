package io.mlog.core.metadata;

import io.mlog.core.metadata.MetadataCommand.ChangePartitions;
import io.mlog.core.metadata.MetadataCommand.CreatePartitions;
import io.mlog.core.metadata.MetadataCommand.CreateTopic;
import io.mlog.core.metadata.MetadataCommand.ElectLeaders;
import io.mlog.core.metadata.MetadataCommand.Election;
import io.mlog.model.TopicIdPartition;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * What holds for every partition after every command. Remembers what an image alone does not tell:
 * which boot led which epoch, and in which directory a copy was when it was found in sync.
 */
final class ClusterInvariants {
    private final Map<Leadership, Boot> leaders = new HashMap<>();
    private final Map<TopicIdPartition, Map<Integer, String>> copies = new HashMap<>();

    int leaderChanges;
    int uncleanElections;
    int leaderless;
    int lostDirectories;
    int shrinks;
    int expansions;
    int reassignments;
    int leadersShuttingDown;

    private record Leadership(TopicIdPartition partition, int epoch) {}

    private record Boot(int broker, long epoch) {}

    /** A partition before and after a command. */
    private record Change(
            MetadataCommand command,
            MetadataImage image,
            TopicImage topic,
            TopicIdPartition id,
            PartitionImage before,
            PartitionImage after) {}

    void check(MetadataImage before, MetadataCommand command, MetadataImage after) {
        for (TopicImage topic : after.topicsInOrder()) {
            TopicImage earlier = before.topic(topic.id()).orElse(null);
            for (PartitionImage partition : topic.partitions()) {
                int index = partition.partition();
                TopicIdPartition id = new TopicIdPartition(topic.id(), index);
                checkState(after, topic, id, partition);
                if (earlier == null || index >= earlier.partitions().size()) {
                    require(
                            command instanceof CreateTopic || command instanceof CreatePartitions,
                            id,
                            partition,
                            "came from nowhere");
                    partition.isr().forEach(broker -> found(id, broker, after));
                } else if (!earlier.partitions().get(index).equals(partition)) {
                    PartitionImage was = earlier.partitions().get(index);
                    checkChange(new Change(command, after, topic, id, was, partition));
                }
                checkBoots(after, id, partition);
            }
        }
        leaders.keySet().removeIf(led -> after.topic(led.partition().topicId()).isEmpty());
        copies.keySet().removeIf(id -> after.topic(id.topicId()).isEmpty());
    }

    /** Counts what another life saw. */
    void add(ClusterInvariants other) {
        leaderChanges += other.leaderChanges;
        uncleanElections += other.uncleanElections;
        leaderless += other.leaderless;
        lostDirectories += other.lostDirectories;
        shrinks += other.shrinks;
        expansions += other.expansions;
        reassignments += other.reassignments;
        leadersShuttingDown += other.leadersShuttingDown;
    }

    private void checkState(
            MetadataImage image, TopicImage topic, TopicIdPartition id, PartitionImage p) {
        Set<Integer> replicas = Set.copyOf(p.replicas());
        require(replicas.size() == p.replicas().size(), id, p, "names a replica twice");
        require(image.brokers().keySet().containsAll(replicas), id, p, "has unknown replicas");
        require(!p.isr().isEmpty(), id, p, "has nobody in sync");
        require(
                p.isr().equals(p.replicas().stream().filter(p.isr()::contains).toList()),
                id,
                p,
                "has an ISR that is no part of its replicas, in their order");
        if (p.isr().size() > 1) {
            require(
                    p.isr().stream().noneMatch(broker -> broker(image, broker).fenced()),
                    id,
                    p,
                    "has a fenced broker in sync beside others");
        }
        if (p.hasLeader()) {
            require(p.isr().contains(p.leader()), id, p, "has a leader that is not in sync");
            require(!broker(image, p.leader()).fenced(), id, p, "has a fenced leader");
            require(p.lostDirectory() == null, id, p, "has a leader without its copy");
            leadersShuttingDown += broker(image, p.leader()).shuttingDown() ? 1 : 0;
        } else {
            leaderless++;
            BrokerImage last = broker(image, p.isr().getFirst());
            require(p.isr().size() == 1, id, p, "has live brokers in sync and no leader");
            require(
                    last.fenced() || p.lostDirectory() != null,
                    id,
                    p,
                    "has a live broker in sync and no leader");
            require(
                    !last.directoryId().equals(p.lostDirectory()),
                    id,
                    p,
                    "has lost the directory that is there");
        }
        checkReassignment(topic, id, p);
    }

    private static void checkReassignment(TopicImage topic, TopicIdPartition id, PartitionImage p) {
        require(
                p.replicas().containsAll(p.addingReplicas())
                        && p.replicas().containsAll(p.removingReplicas())
                        && Collections.disjoint(p.addingReplicas(), p.removingReplicas()),
                id,
                p,
                "moves replicas that it has not");
        int settled = p.replicas().size() - p.removingReplicas().size();
        require(settled > 0, id, p, "moves to nobody");
        int after = topic.minInsyncReplicas(settled);
        int now = topic.minInsyncReplicas(p.replicationFactor());
        require(
                after >= 1 && after <= settled && now >= 1 && now <= p.replicationFactor(),
                id,
                p,
                "can never have min.insync.replicas in sync");
    }

    private void checkChange(Change change) {
        PartitionImage before = change.before();
        PartitionImage after = change.after();
        TopicIdPartition id = change.id();
        require(
                after.partitionEpoch() == before.partitionEpoch() + 1,
                id,
                after,
                "has no new partition epoch");
        boolean newEpoch =
                after.leader() != before.leader()
                        || !after.replicas().containsAll(before.replicas());
        require(
                after.leaderEpoch() == before.leaderEpoch() + (newEpoch ? 1 : 0),
                id,
                after,
                "has another leader epoch than it should");
        boolean unclean = checkNewMembers(change);
        for (int broker : before.isr()) {
            if (!after.isr().contains(broker)) {
                copiesOf(id).remove(broker);
            }
        }
        if (change.command() instanceof ChangePartitions) {
            require(!isOver(change.topic(), after), id, after, "has moved and goes on moving");
        }
        leaderChanges += after.leader() == before.leader() ? 0 : 1;
        uncleanElections += unclean ? 1 : 0;
        lostDirectories += after.lostDirectory() != null && before.lostDirectory() == null ? 1 : 0;
        shrinks += after.isr().size() < before.isr().size() ? 1 : 0;
        expansions += after.isr().size() > before.isr().size() ? 1 : 0;
        reassignments += before.isReassigning() && !after.isReassigning() ? 1 : 0;
    }

    /** Only a leader brings others into the ISR, and only an unclean election anybody else. */
    private boolean checkNewMembers(Change change) {
        PartitionImage before = change.before();
        PartitionImage after = change.after();
        boolean onAnotherCopy =
                after.hasLeader()
                        && (!before.isr().contains(after.leader())
                                || before.lostDirectory() != null);
        boolean unclean = onAnotherCopy && !(change.command() instanceof ChangePartitions);
        if (unclean) {
            boolean asked =
                    change.command() instanceof ElectLeaders elect
                            && elect.election() == Election.UNCLEAN;
            require(
                    asked || change.topic().uncleanElectionEnabled(),
                    change.id(),
                    after,
                    "is led by one that was not in sync");
            require(
                    !before.hasLeader() || broker(change.image(), before.leader()).fenced(),
                    change.id(),
                    after,
                    "had a live leader");
            require(
                    after.isr().equals(List.of(after.leader())),
                    change.id(),
                    after,
                    "has others in sync with a leader that was not");
            found(change.id(), after.leader(), change.image());
        }
        for (int broker : after.isr()) {
            if (!before.isr().contains(broker) && !unclean) {
                require(
                        change.command() instanceof ChangePartitions,
                        change.id(),
                        after,
                        "has somebody in sync whom no leader found to be");
                found(change.id(), broker, change.image());
            }
        }
        return unclean;
    }

    private static boolean isOver(TopicImage topic, PartitionImage p) {
        List<Integer> target =
                p.replicas().stream().filter(id -> !p.removingReplicas().contains(id)).toList();
        long inSync = target.stream().filter(p.isr()::contains).count();
        return p.isReassigning()
                && p.isr().containsAll(p.addingReplicas())
                && inSync >= topic.minInsyncReplicas(target.size());
    }

    /** A leader epoch is led by one boot, and a copy in sync is the one that was found to be. */
    private void checkBoots(MetadataImage image, TopicIdPartition id, PartitionImage p) {
        if (p.hasLeader()) {
            Boot boot = new Boot(p.leader(), broker(image, p.leader()).bootEpoch());
            Boot known = leaders.putIfAbsent(new Leadership(id, p.leaderEpoch()), boot);
            require(known == null || known.equals(boot), id, p, "has an epoch led by two boots");
        }
        require(copiesOf(id).keySet().equals(Set.copyOf(p.isr())), id, p, "has other copies");
        for (int member : p.isr()) {
            String present =
                    p.lostDirectory() == null
                            ? broker(image, member).directoryId()
                            : p.lostDirectory();
            require(
                    present.equals(copiesOf(id).get(member)),
                    id,
                    p,
                    "counts a copy as in sync that never was");
        }
    }

    private void found(TopicIdPartition id, int broker, MetadataImage image) {
        copiesOf(id).put(broker, broker(image, broker).directoryId());
    }

    private Map<Integer, String> copiesOf(TopicIdPartition id) {
        return copies.computeIfAbsent(id, any -> new HashMap<>());
    }

    private static BrokerImage broker(MetadataImage image, int id) {
        return Objects.requireNonNull(image.brokers().get(id));
    }

    private static void require(
            boolean holds, TopicIdPartition id, PartitionImage partition, String otherwise) {
        if (!holds) {
            throw new AssertionError("%s %s: %s".formatted(id, otherwise, partition));
        }
    }
}
