package io.mlog.groups.journal;

import io.mlog.groups.OffsetsTopic;
import io.mlog.services.GroupEvent;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What has happened to groups, as far as this broker saw it: the last {@value #MAX_EVENTS} events
 * of the {@value #MAX_GROUPS} groups that something happened to last. Told by records, in order for
 * each partition of the offsets topic, and by requests, on any thread. Never blocks for long.
 */
public final class GroupJournal {
    static final int MAX_EVENTS = 100;
    static final int MAX_GROUPS = 1_000;

    private final LongSupplier nowMs;
    private final Map<String, GroupHistory> histories = new ConcurrentHashMap<>();
    private final Partition[] partitions = new Partition[OffsetsTopic.PARTITIONS];

    /** One partition of the offsets topic. */
    private static final class Partition {
        private final OffsetTable offsets = new OffsetTable();
        private volatile boolean loading;
    }

    /** An empty journal on that clock. */
    public GroupJournal(LongSupplier nowMs) {
        this.nowMs = nowMs;
        for (int partition = 0; partition < partitions.length; partition++) {
            partitions[partition] = new Partition();
        }
    }

    /** What has happened to the group, oldest first. */
    public List<GroupEvent> events(String group) {
        GroupHistory history = histories.get(group);
        return history == null ? List.of() : history.events();
    }

    /** Whether anything is known of the group. */
    public boolean knows(String group) {
        return histories.containsKey(group);
    }

    /** The group's generation or epoch, when a record of it passed. */
    public Optional<Integer> epoch(String group) {
        GroupHistory history = histories.get(group);
        return history == null || history.currentEpoch() < 0
                ? Optional.empty()
                : Optional.of(history.currentEpoch());
    }

    /** The offsets of the groups that the partition keeps. */
    public OffsetTable offsets(String group) {
        return partitions[OffsetsTopic.partitionFor(group)].offsets;
    }

    // ---- which partitions are coordinated here

    /** The partition's records will be read from the beginning. */
    public void loading(int partition) {
        partitions[partition].offsets.clear();
        partitions[partition].loading = true;
        ofPartition(partition, GroupHistory::loading);
    }

    /** They were read. */
    public void loadingEnds(int partition, int leaderEpoch) {
        partitions[partition].loading = false;
        long atMs = nowMs.getAsLong();
        String what =
                "this broker coordinates the group from now on: it leads "
                        + name(partition)
                        + " in epoch "
                        + leaderEpoch;
        ofPartition(partition, history -> history.loaded(atMs, what));
    }

    /** Another broker coordinates the partition's groups. */
    public void givenUp(int partition) {
        long atMs = nowMs.getAsLong();
        String what = "this broker coordinates the group no more: it lost " + name(partition);
        ofPartition(partition, history -> history.givenUp(atMs, what));
    }

    private static String name(int partition) {
        return OffsetsTopic.NAME + "-" + partition;
    }

    private void ofPartition(int partition, Consumer<GroupHistory> told) {
        histories.forEach((group, history) -> {
            if (OffsetsTopic.partitionFor(group) == partition) {
                told.accept(history);
            }
        });
    }

    // ---- records, each with its time

    /** A record of a classic group. */
    public void generation(String group, long atMs, Generation generation) {
        history(group).generation(atMs, generation);
    }

    /** A KIP-848 group has a new epoch. */
    public void epoch(String group, int epoch) {
        history(group).epoch(epoch);
    }

    /** A KIP-848 group has that member. */
    public void member(String group, long atMs, Member member, String subscription) {
        history(group).member(atMs, member, subscription);
    }

    /** A KIP-848 group lost a member. */
    public void memberGone(String group, long atMs, String memberId) {
        known(group, history -> history.memberGone(atMs, memberId));
    }

    /** The assignment of a KIP-848 group was computed. */
    public void assigned(String group, long atMs, int epoch) {
        history(group).assigned(atMs, epoch);
    }

    /** The group's record was deleted. */
    public void deleted(String group) {
        if (partitions[OffsetsTopic.partitionFor(group)].loading) {
            known(group, GroupHistory::deleted);
        } else {
            history(group).deleted();
        }
    }

    /** An offset was committed. */
    public void committed(String group, long atMs, String topic, int partition, long offset) {
        long before = offsets(group).put(group, topic, partition, offset, atMs);
        if (before != OffsetTable.NONE && before != offset) {
            GroupHistory history = offset < before ? history(group) : histories.get(group);
            if (history != null && (offset < before || history.setByHand())) {
                history.offsetMoved(topic, partition, before, offset);
            }
        }
    }

    /** A committed offset was deleted. */
    public void offsetDeleted(String group, String topic, int partition) {
        long before = offsets(group).remove(group, topic, partition);
        if (before != OffsetTable.NONE) {
            history(group).offsetDeleted(topic, partition, before);
        }
    }

    /** The records of one batch about that group have been told. */
    public void batchEnds(String group, long atMs) {
        known(group, history -> history.batchEnds(atMs));
    }

    // ---- requests

    /** A member gives a sign of life. */
    public void seen(String group, String memberId) {
        known(group, history -> history.seen(nowMs.getAsLong(), memberId));
    }

    /** A member asks to join, or to rejoin, and says why. */
    public void joins(String group, String who, String reason) {
        known(group, history -> history.joins(who, reason));
    }

    /** A member asks to leave. */
    public void leaves(String group, String memberId, String instanceId, String reason) {
        known(group, history -> history.leaves(memberId, instanceId, reason));
    }

    /** It was let go, or not. */
    public void leaveAnswered(String group, String memberId, String instanceId, boolean letGo) {
        known(
                group,
                history -> history.leaveAnswered(nowMs.getAsLong(), memberId, instanceId, letGo));
    }

    /**
     * Somebody is about to set offsets of the group back or by hand, to delete them, or the group.
     *
     * @param byHand whether it is no member of the group
     */
    public void acts(String group, String who, boolean byHand) {
        if (histories.containsKey(group) || offsets(group).has(group)) {
            history(group).acts(who, byHand);
        }
    }

    private void known(String group, Consumer<GroupHistory> told) {
        GroupHistory history = histories.get(group);
        if (history != null) {
            told.accept(history);
        }
    }

    private GroupHistory history(String group) {
        GroupHistory present = histories.get(group);
        if (present != null) {
            return present;
        }
        if (histories.size() >= MAX_GROUPS) {
            dropOldest();
        }
        boolean loading = partitions[OffsetsTopic.partitionFor(group)].loading;
        return histories.computeIfAbsent(
                group, name -> new GroupHistory(MAX_EVENTS, loading, nowMs.getAsLong()));
    }

    private void dropOldest() {
        @Nullable String oldest =
                histories.entrySet().stream()
                        .min(Comparator.comparingLong(entry -> entry.getValue().lastTouchedMs()))
                        .map(Map.Entry::getKey)
                        .orElse(null);
        if (oldest != null) {
            histories.remove(oldest);
        }
    }
}
