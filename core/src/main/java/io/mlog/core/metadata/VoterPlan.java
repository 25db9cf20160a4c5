package io.mlog.core.metadata;

import io.mlog.model.HostPort;
import io.mlog.model.PeerId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * Decides the next step towards the quorum that a cluster should have: every node that belongs to
 * it is a member, and an odd number of them, up to five, votes.
 *
 * <table>
 * <caption>What is done, the first that applies</caption>
 * <tr><td>a member's node belongs no more</td><td>it is taken out; of a voter a listener that has
 * caught up takes the place, if there is one; a leader hands over first</td></tr>
 * <tr><td>a member's node belongs with another directory</td><td>once the new peer has caught up, it
 * takes the place of the old one</td></tr>
 * <tr><td>a node belongs, is there and is no member</td><td>it is added as a listener</td></tr>
 * <tr><td>odd number of voters, two listeners have caught up</td><td>both are promoted in one
 * change</td></tr>
 * <tr><td>even number of voters, one has</td><td>it is promoted</td></tr>
 * </table>
 *
 * <p>An even number of voters survives no more failures than the odd one below it and more often
 * lacks a majority; so two are promoted at once and one listener alone waits. It comes about only
 * when a voter leaves and nobody can take its place. Nobody is taken out because of a failure: that
 * would let a cluster talk itself into ever smaller majorities.
 */
public final class VoterPlan {
    /** More voters make every command slower and hardly anything safer. */
    public static final int MOST_VOTERS = 5;

    /** A listener that lacks no more entries than this has caught up. */
    static final long MOST_LAG = 1000;

    /** A member that has not answered for this long is not counted on. */
    static final long MOST_SILENCE_MS = 2000;

    private final QuorumView view;
    private final Set<PeerId> belonging;
    private final Map<PeerId, HostPort> present;

    /** What to do, and why, for the log. */
    public sealed interface Step {
        /** The reason. */
        String why();

        /** Make a change of the members. */
        record Change(QuorumChange change, String why) implements Step {}

        /** Transfer the leadership. */
        record HandOver(PeerId to, String why) implements Step {}
    }

    private VoterPlan(QuorumView view, Set<PeerId> belonging, Map<PeerId, HostPort> present) {
        this.view = view;
        this.belonging = new TreeSet<>(belonging);
        this.present = new TreeMap<>(present);
    }

    /**
     * The next step; empty when there is nothing to do, or nothing can be done now.
     *
     * @param view as the leader has it; on any other node nothing is ever to be done
     * @param belonging the peers that the metadata knows as the cluster's, one for each node
     * @param present the peers whose processes are there, with their Raft addresses
     */
    public static Optional<Step> next(
            QuorumView view, Set<PeerId> belonging, Map<PeerId, HostPort> present) {
        if (!view.leadership().leading() || !view.stable()) {
            return Optional.empty();
        }
        VoterPlan plan = new VoterPlan(view, belonging, present);
        return plan.takeOut().or(plan::add).or(plan::promote);
    }

    private Optional<Step> takeOut() {
        return view.members().stream()
                .filter(member -> !belonging.contains(member.id()))
                .map(member ->
                        successorOf(member.id())
                                .map(successor -> replace(member, successor))
                                .orElseGet(() -> dismiss(member)))
                .flatMap(Optional::stream)
                .findFirst();
    }

    /** The same node's peer with the directory that it has now. */
    private Optional<PeerId> successorOf(PeerId peer) {
        return belonging.stream().filter(other -> other.nodeId().equals(peer.nodeId())).findAny();
    }

    private Optional<Step> replace(QuorumMember wiped, PeerId successor) {
        String why = "%s came back as %s".formatted(wiped.id(), successor);
        boolean isVoter = view.isVoter(successor);
        if (isLeader(wiped) || (!isVoter && !isSpare(successor))) {
            return Optional.empty();
        }
        return wiped.voter() && !isVoter
                ? change(new QuorumChange.Replace(wiped.id(), successor), why)
                : change(new QuorumChange.Remove(wiped.id()), why);
    }

    private Optional<Step> dismiss(QuorumMember member) {
        String why = member.id() + " belongs to the cluster no more";
        if (!member.voter()) {
            return change(new QuorumChange.Remove(member.id()), why);
        }
        if (isLeader(member)) {
            return view.voters().stream()
                    .filter(voter -> belonging.contains(voter.id()) && isLive(voter))
                    .findFirst()
                    .map(voter -> new Step.HandOver(voter.id(), why));
        }
        Optional<PeerId> heir = spares().stream().findFirst();
        if (heir.isPresent()) {
            return change(new QuorumChange.Replace(member.id(), heir.get()), why);
        }
        return isMajorityLiveWithout(member)
                ? change(new QuorumChange.Remove(member.id()), why)
                : Optional.empty();
    }

    private Optional<Step> add() {
        return present.entrySet().stream()
                .filter(peer -> belonging.contains(peer.getKey()))
                .filter(peer -> view.member(peer.getKey()).isEmpty())
                .findFirst()
                .flatMap(peer ->
                        change(
                                new QuorumChange.AddListener(peer.getKey(), peer.getValue()),
                                peer.getKey() + " belongs to the cluster"));
    }

    private Optional<Step> promote() {
        int voters = view.voters().size();
        int wanted = voters % 2 == 0 ? 1 : 2;
        List<PeerId> spares = spares();
        return voters + wanted <= MOST_VOTERS && spares.size() >= wanted
                ? change(
                        new QuorumChange.Promote(Set.copyOf(spares.subList(0, wanted))),
                        "there are %d voters and %d listeners that have caught up"
                                .formatted(voters, spares.size()))
                : Optional.empty();
    }

    /** Listeners that could vote, and do not stand in for a voter of their own node. */
    private List<PeerId> spares() {
        Predicate<PeerId> hasFormer =
                peer ->
                        view.voters().stream()
                                .anyMatch(voter -> voter.id().nodeId().equals(peer.nodeId()));
        return view.listeners().stream()
                .map(QuorumMember::id)
                .filter(this::isSpare)
                .filter(hasFormer.negate())
                .toList();
    }

    private boolean isSpare(PeerId peer) {
        return belonging.contains(peer)
                && view.member(peer)
                        .filter(member -> !member.voter() && isLive(member) && isCaughtUp(member))
                        .isPresent();
    }

    private boolean isMajorityLiveWithout(QuorumMember member) {
        List<QuorumMember> rest =
                view.voters().stream().filter(voter -> !voter.equals(member)).toList();
        return rest.stream().filter(VoterPlan::isLive).count() > rest.size() / 2;
    }

    private boolean isLeader(QuorumMember member) {
        return view.leadership().leader().equals(Optional.of(member.id()));
    }

    private boolean isCaughtUp(QuorumMember member) {
        return member.matchIndex().isPresent()
                && member.matchIndex().getAsLong() + MOST_LAG >= view.commitIndex();
    }

    private static boolean isLive(QuorumMember member) {
        return member.silentMs().isPresent() && member.silentMs().getAsLong() <= MOST_SILENCE_MS;
    }

    private static Optional<Step> change(QuorumChange change, String why) {
        return Optional.of(new Step.Change(change, why));
    }
}
