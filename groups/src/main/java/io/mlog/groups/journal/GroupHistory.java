package io.mlog.groups.journal;

import io.mlog.services.GroupEvent;
import io.mlog.services.GroupEvent.Kind;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One group's last events, and its present members, against which a record shows who came and went.
 * Guarded by itself.
 *
 * <p>A record tells that a member is gone; why, is told by what came before: it asked to leave, or
 * it was silent for its session timeout, or it was not and so failed to take part in a rebalance.
 */
final class GroupHistory {
    private static final int NO_EPOCH = -1;

    /** What the Java consumer says when its application does not poll. */
    private static final String POLL_TIMEOUT = "poll timeout";

    private final int maxEvents;
    private final Deque<GroupEvent> events = new ArrayDeque<>();
    private final Map<String, Presence> members = new LinkedHashMap<>();
    private int epoch = NO_EPOCH;
    private boolean known;
    private boolean deleted;
    private @Nullable String cause;
    private boolean somebodyGone;
    private @Nullable String actor;
    private boolean byHand;
    private @Nullable OffsetMoves moves;
    private long lastTouchedMs;
    private boolean loading;
    private long toldUntilMs = Long.MIN_VALUE;

    /** A member that is there. */
    private static final class Presence {
        private final Member member;
        private long lastSeenMs;
        private @Nullable String leaveReason;

        Presence(Member member, long lastSeenMs) {
            this.member = member;
            this.lastSeenMs = lastSeenMs;
        }
    }

    /**
     * Of a group that nothing is known of yet.
     *
     * @param loading whether its records are being read, rather than written
     */
    GroupHistory(int maxEvents, boolean loading, long nowMs) {
        this.maxEvents = maxEvents;
        this.loading = loading;
        this.lastTouchedMs = nowMs;
    }

    // ---- what records tell

    /** A record of a classic group. */
    synchronized void generation(long atMs, Generation generation) {
        boolean baseline = !known && generation.number() > 1;
        int before = epoch;
        begin(generation.number());
        Set<String> present = new HashSet<>();
        generation.members().forEach(member -> present.add(member.id()));
        for (Presence gone : List.copyOf(members.values())) {
            if (!present.contains(gone.member.id())) {
                gone(atMs, gone);
            }
        }
        for (Member member : generation.members()) {
            present(atMs, baseline, member, "joined");
        }
        if (generation.number() != before && generation.number() > 0) {
            add(atMs, Kind.REBALANCED, described(generation) + takeCause());
        }
    }

    private static String described(Generation generation) {
        if (generation.members().isEmpty()) {
            return "generation " + generation.number() + " has no members";
        }
        return "generation "
                + generation.number()
                + ": "
                + counted(generation.members().size())
                + ", assigned by "
                + generation.leader()
                + (generation.protocol().isEmpty() ? "" : " (" + generation.protocol() + ")");
    }

    private static String counted(int members) {
        return members == 1 ? "1 member" : members + " members";
    }

    /** A KIP-848 group has a new epoch. */
    synchronized void epoch(int number) {
        begin(number);
    }

    /** A KIP-848 group has a member, with that subscription. */
    synchronized void member(long atMs, Member member, String subscription) {
        present(atMs, false, member, "joined, subscribed to " + subscription);
    }

    /** A KIP-848 group has lost a member. */
    synchronized void memberGone(long atMs, String memberId) {
        Presence gone = members.get(memberId);
        if (gone != null) {
            gone(atMs, gone);
        }
    }

    /** The assignment of a KIP-848 group was computed for that epoch. */
    synchronized void assigned(long atMs, int assignmentEpoch) {
        begin(assignmentEpoch);
        add(
                atMs,
                Kind.REBALANCED,
                "assignment of epoch "
                        + assignmentEpoch
                        + " for "
                        + counted(members.size())
                        + takeCause());
    }

    /** The group's record is deleted, unless one of another kind follows in the same batch. */
    synchronized void deleted() {
        deleted = true;
    }

    /** An offset was set back, or by hand. */
    synchronized void offsetMoved(String topic, int partition, long from, long to) {
        moves().moved(topic, partition, from, to);
    }

    /** An offset was deleted. */
    synchronized void offsetDeleted(String topic, int partition, long from) {
        moves().deleted(topic, partition, from);
    }

    private OffsetMoves moves() {
        OffsetMoves present = moves == null ? new OffsetMoves() : moves;
        moves = present;
        return present;
    }

    /** The records of one batch have been told. */
    synchronized void batchEnds(long atMs) {
        String who = actor == null ? "" : " by " + actor;
        if (deleted) {
            add(atMs, Kind.DELETED, "the group was deleted" + who);
            forget();
        } else if (moves != null) {
            add(atMs, Kind.OFFSETS_RESET, moves.sentence(who));
        }
        deleted = false;
        moves = null;
        actor = null;
        byHand = false;
    }

    /** The group's records will be read again; what was told of them is not told twice. */
    synchronized void loading() {
        forget();
        loading = true;
        if (!events.isEmpty()) {
            toldUntilMs = events.getLast().atMs();
        }
    }

    /** They were read: this broker coordinates the group from now on. */
    synchronized void loaded(long atMs, String what) {
        loading = false;
        members.values().forEach(member -> member.lastSeenMs = atMs);
        if (known) {
            add(atMs, Kind.MOVED, what);
        }
    }

    /** This broker does not coordinate the group any more. */
    synchronized void givenUp(long atMs, String what) {
        if (known) {
            add(atMs, Kind.MOVED, what);
        }
    }

    private void forget() {
        members.clear();
        epoch = NO_EPOCH;
        known = false;
        takeCause();
    }

    private void begin(int number) {
        known = true;
        deleted = false;
        epoch = number;
    }

    private void present(long atMs, boolean quiet, Member member, String how) {
        Presence before = members.get(member.id());
        Presence now = new Presence(member, atMs);
        if (before != null) {
            now.lastSeenMs = before.lastSeenMs;
            now.leaveReason = before.leaveReason;
        } else if (!quiet) {
            add(atMs, Kind.JOINED, member.described() + " " + how);
            if (!loading && cause == null) {
                cause = member.described() + " joined";
            }
        }
        members.put(member.id(), now);
    }

    private void gone(long atMs, Presence gone) {
        members.remove(gone.member.id());
        String who = gone.member.described();
        String reason = gone.leaveReason;
        if (reason != null) {
            left(atMs, who, reason);
        } else if (loading) {
            add(atMs, Kind.LEFT, who + " left or was removed; another broker knew which");
        } else if (atMs - gone.lastSeenMs >= gone.member.sessionTimeoutMs()) {
            because(
                    atMs,
                    Kind.EXPIRED,
                    who
                            + " did not send a heartbeat for "
                            + (atMs - gone.lastSeenMs)
                            + " ms (session timeout "
                            + gone.member.sessionTimeoutMs()
                            + " ms)");
        } else {
            because(
                    atMs,
                    Kind.EXPIRED,
                    who
                            + " sent heartbeats but did not take part in the rebalance within "
                            + gone.member.rebalanceTimeoutMs()
                            + " ms (rebalance timeout)");
        }
    }

    private void left(long atMs, String who, String reason) {
        if (reason.contains(POLL_TIMEOUT)) {
            because(
                    atMs,
                    Kind.EXPIRED,
                    who + " was not polled by its application in time: " + reason);
        } else {
            because(atMs, Kind.LEFT, who + " left" + (reason.isEmpty() ? "" : ": " + reason));
        }
    }

    // ---- what requests tell

    /** A member gives a sign of life. */
    synchronized void seen(long atMs, String memberId) {
        Presence member = members.get(memberId);
        if (member != null) {
            member.lastSeenMs = atMs;
        }
    }

    /** A member asks to join (again) and says why, which begins a rebalance. */
    synchronized void joins(String who, String reason) {
        if (cause == null) {
            cause = who + " asked to join: " + reason;
        }
    }

    /** A member asks to leave. */
    synchronized void leaves(String memberId, String instanceId, String reason) {
        Presence member = find(memberId, instanceId);
        if (member != null) {
            member.leaveReason = reason;
        }
    }

    /** It was let go, or not. */
    synchronized void leaveAnswered(long atMs, String memberId, String instanceId, boolean letGo) {
        Presence member = find(memberId, instanceId);
        if (member == null || member.leaveReason == null) {
            return;
        }
        if (letGo) {
            gone(atMs, member);
        } else {
            member.leaveReason = null;
        }
    }

    private @Nullable Presence find(String memberId, String instanceId) {
        Presence member = members.get(memberId);
        if (member != null || instanceId.isEmpty()) {
            return member;
        }
        return members.values().stream()
                .filter(other -> other.member.instanceId().equals(instanceId))
                .findFirst()
                .orElse(null);
    }

    /** Somebody asks for what the next batch may tell as a reset or a deletion. */
    synchronized void acts(String who, boolean outside) {
        actor = who;
        byHand = outside;
    }

    /** Whether the last who acted is no member, while the group has or had members. */
    synchronized boolean setByHand() {
        return byHand && known;
    }

    // ---- events

    /** That somebody is gone is the cause of what the others ask for afterwards. */
    private void because(long atMs, Kind kind, String what) {
        if (!somebodyGone) {
            cause = what;
            somebodyGone = true;
        }
        add(atMs, kind, what);
    }

    private String takeCause() {
        String taken = cause == null ? "" : "; because " + cause;
        cause = null;
        somebodyGone = false;
        return taken;
    }

    private void add(long atMs, Kind kind, String what) {
        if (loading && atMs <= toldUntilMs) {
            return;
        }
        if (events.size() == maxEvents) {
            events.removeFirst();
        }
        events.addLast(new GroupEvent(atMs, kind, epoch, what));
        lastTouchedMs = atMs;
    }

    synchronized List<GroupEvent> events() {
        return new ArrayList<>(events);
    }

    synchronized int currentEpoch() {
        return epoch;
    }

    synchronized long lastTouchedMs() {
        return lastTouchedMs;
    }
}
