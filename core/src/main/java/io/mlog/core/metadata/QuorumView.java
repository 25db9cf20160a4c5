package io.mlog.core.metadata;

import io.mlog.model.PeerId;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The members of the quorum at one moment, in the order of their ids.
 *
 * @param leadership who leads them, as this node knows
 * @param commitIndex last log entry known to be on a majority
 * @param stable whether no change of the members is under way
 */
public record QuorumView(
        QuorumLeadership leadership, long commitIndex, boolean stable, List<QuorumMember> members) {
    public QuorumView {
        members = members.stream().sorted(Comparator.comparing(QuorumMember::id)).toList();
    }

    /** The peer as a member. */
    public Optional<QuorumMember> member(PeerId peer) {
        return members.stream().filter(member -> member.id().equals(peer)).findAny();
    }

    /** Whether the peer is a member that votes. */
    public boolean isVoter(PeerId peer) {
        return member(peer).filter(QuorumMember::voter).isPresent();
    }

    /** Whether the peer is a member that does not vote. */
    public boolean isListener(PeerId peer) {
        return member(peer).filter(member -> !member.voter()).isPresent();
    }

    /** Whether the same peers vote and listen here and there. */
    public boolean hasMembersOf(QuorumView other) {
        return roles().equals(other.roles());
    }

    /** Those that vote. */
    public List<QuorumMember> voters() {
        return members.stream().filter(QuorumMember::voter).toList();
    }

    /** Those that do not. */
    public List<QuorumMember> listeners() {
        return members.stream().filter(member -> !member.voter()).toList();
    }

    private Map<PeerId, Boolean> roles() {
        return members.stream().collect(Collectors.toMap(QuorumMember::id, QuorumMember::voter));
    }
}
