package io.mlog.core.metadata;

import io.mlog.core.metadata.MetadataRecord.IsrUpdate;
import io.mlog.core.metadata.MetadataRecord.LeaderChange;
import io.mlog.core.metadata.MetadataRecord.ReplicasChange;
import io.mlog.model.TopicPartition;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A partition while a decision changes it: the rules that hold whoever leaves, comes or leads, and
 * at the end the records of what is different. Owned by one decision.
 *
 * <p>Epochs are given here and nowhere else: the leader epoch rises when the leader is another or
 * none, and when a replica goes, so that what a leader remembers of it ends with the epoch. The
 * partition epoch rises once for all that a decision changes.
 */
final class PartitionDraft {
    private final TopicPartition name;
    private final PartitionImage before;
    private final TopicImage topic;
    private List<Integer> replicas;
    private List<Integer> isr;
    private int leader;
    private List<Integer> adding;
    private List<Integer> removing;
    private @Nullable String lostDirectory;
    private boolean confirmed;

    PartitionDraft(TopicImage topic, PartitionImage before) {
        this.name = new TopicPartition(topic.name(), before.partition());
        this.before = before;
        this.topic = topic;
        this.replicas = before.replicas();
        this.isr = before.isr();
        this.leader = before.leader();
        this.adding = before.addingReplicas();
        this.removing = before.removingReplicas();
        this.lostDirectory = before.lostDirectory();
    }

    TopicPartition name() {
        return name;
    }

    PartitionImage before() {
        return before;
    }

    int leader() {
        return leader;
    }

    /** The broker leaves the ISR, unless it is all of it. */
    void leaveIsr(int broker) {
        if (isr.size() > 1) {
            isr = without(isr, Set.of(broker));
        }
    }

    /** Other replicas are in sync; a change even when they are those that were. */
    void confirmIsr(Set<Integer> members) {
        isr = replicas.stream().filter(members::contains).toList();
        confirmed = true;
    }

    /**
     * The broker runs on {@code present} now and ran on {@code earlier} before. Where it is all of
     * the ISR, that means the copy in the directory it was in sync on, and no other.
     */
    void moveDirectory(int broker, String earlier, String present) {
        if (isr.equals(List.of(broker))) {
            String home = lostDirectory == null ? earlier : lostDirectory;
            lostDirectory = home.equals(present) ? null : home;
        }
    }

    /**
     * Gives the partition to {@code wanted} replicas; see {@link MetadataCommand.Reassignment}.
     *
     * @return whether somebody is left in sync
     */
    boolean reassign(List<Integer> wanted) {
        Set<Integer> settled = new HashSet<>(without(replicas, adding));
        adding = wanted.stream().filter(broker -> !settled.contains(broker)).toList();
        removing = without(without(replicas, before.addingReplicas()), wanted);
        replicas = Stream.concat(wanted.stream(), removing.stream()).toList();
        Set<Integer> members = Set.copyOf(isr);
        isr = replicas.stream().filter(members::contains).toList();
        return !isr.isEmpty();
    }

    /**
     * Lets the replicas on their way out go once those on their way in are in sync, and as many in
     * all as acks=all will ask for.
     */
    void completeReassignment() {
        List<Integer> target = without(replicas, removing);
        List<Integer> targetIsr = without(isr, removing);
        int enough = Math.clamp(topic.minInsyncReplicas(target.size()), 1, target.size());
        if (!isr.containsAll(adding) || targetIsr.size() < enough || lostDirectory != null) {
            return;
        }
        replicas = target;
        isr = targetIsr;
        adding = List.of();
        removing = List.of();
    }

    /**
     * Keeps the leader if it may go on, and elects one otherwise: in the order of the replicas an
     * active one that is in sync, then one that is in sync and shutting down, then, where the topic
     * allows it, any active one. Else there is none.
     */
    void elect(LiveBrokers live) {
        leader =
                cleanLeader(live)
                        .or(() ->
                                topic.uncleanElectionEnabled()
                                        ? uncleanLeader(live)
                                        : Optional.empty())
                        .orElse(PartitionImage.NO_LEADER);
    }

    /** Elects any active replica, of those that have none in sync alive. */
    void electUncleanly(LiveBrokers live) {
        leader = cleanLeader(live).or(() -> uncleanLeader(live)).orElse(PartitionImage.NO_LEADER);
    }

    /** Makes an in-sync replica the leader. */
    void lead(int broker) {
        leader = broker;
    }

    private Optional<Integer> cleanLeader(LiveBrokers live) {
        if (lostDirectory != null) {
            return Optional.empty();
        }
        if (isr.contains(leader) && live.isActive(leader)) {
            return Optional.of(leader);
        }
        return first(broker -> isr.contains(broker) && live.isActive(broker))
                .or(() -> first(broker -> isr.contains(broker) && live.isUnfenced(broker)));
    }

    /** Whoever is in sync by name only has an empty disk: anybody else is better. */
    private Optional<Integer> uncleanLeader(LiveBrokers live) {
        Optional<Integer> elected =
                first(broker -> live.isActive(broker) && !isr.contains(broker))
                        .or(() -> first(live::isActive));
        elected.ifPresent(broker -> {
            isr = List.of(broker);
            lostDirectory = null;
        });
        return elected;
    }

    private Optional<Integer> first(IntPredicate wanted) {
        return replicas.stream().filter(wanted::test).findFirst();
    }

    /** Adds what is different from before, if anything is. */
    void addRecords(List<MetadataRecord> records) {
        boolean moved =
                !replicas.equals(before.replicas())
                        || !adding.equals(before.addingReplicas())
                        || !removing.equals(before.removingReplicas());
        boolean otherIsr =
                confirmed
                        || !isr.equals(before.isr())
                        || !Objects.equals(lostDirectory, before.lostDirectory());
        boolean otherEpoch = leader != before.leader() || !replicas.containsAll(before.replicas());
        int epoch = before.partitionEpoch() + 1;
        if (moved) {
            records.add(new ReplicasChange(name, replicas, adding, removing, epoch));
        }
        if (otherIsr) {
            records.add(new IsrUpdate(name, isr, lostDirectory, epoch));
        }
        if (otherEpoch) {
            records.add(new LeaderChange(name, leader, before.leaderEpoch() + 1, epoch));
        }
    }

    private static List<Integer> without(List<Integer> brokers, Collection<Integer> gone) {
        return brokers.stream().filter(broker -> !gone.contains(broker)).toList();
    }
}
