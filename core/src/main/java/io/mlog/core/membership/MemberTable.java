package io.mlog.core.membership;

import io.mlog.core.membership.MembershipEvent.Failed;
import io.mlog.core.membership.MembershipEvent.Joined;
import io.mlog.core.membership.MembershipEvent.Left;
import io.mlog.core.membership.MembershipEvent.Updated;
import io.mlog.model.HostPort;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Makes nodes of boots. Gossip knows boots, {@code nodeId#bootEpoch}, of which a node may have
 * several for a while: the one that died and the one that follows it. Of each node one boot counts,
 * and only its changes are events:
 *
 * <ul>
 *   <li>of several boots on one data directory the newest, at once; the end of an older one is no
 *       event;
 *   <li>of boots on several data directories those on the directory that counted so far, until they
 *       are all gone. So a second process that was given the id of a live node by mistake disturbs
 *       nobody, and a node with a wiped disk takes over when its old boot has failed.
 * </ul>
 *
 * <p>Boots of another cluster count as not there once this node knows its own. Not thread safe; the
 * owner is whoever calls the gossip library.
 */
public final class MemberTable {
    private Member self;
    private final Map<String, Map<Long, Member>> bootsByNode = new HashMap<>();
    private final Map<String, Member> counting = new TreeMap<>();
    private final Set<String> goodbyes = new HashSet<>();

    /** The table of a node that knows only itself. */
    public MemberTable(Member self) {
        this.self = self;
    }

    /** This node. */
    public Member self() {
        return self;
    }

    /** This node says something else about itself. */
    public List<MembershipEvent> describeSelf(Member described) {
        if (!described.id().equals(self.id())) {
            throw new IllegalArgumentException(described.id() + " is not " + self.id());
        }
        self = described;
        List<MembershipEvent> events = new ArrayList<>();
        for (String nodeId : List.copyOf(bootsByNode.keySet())) {
            recount(nodeId, Left::new).ifPresent(events::add);
        }
        return events;
    }

    /** A boot is there, or says something else about itself. */
    public Optional<MembershipEvent> present(Member boot) {
        if (boot.id().equals(self.id()) || goodbyes.contains(boot.id())) {
            return Optional.empty();
        }
        bootsByNode
                .computeIfAbsent(boot.nodeId(), node -> new TreeMap<>())
                .put(boot.bootEpoch(), boot);
        return recount(boot.nodeId(), Left::new);
    }

    /** A boot said goodbye. Whatever comes from it until it is {@link #gone} is late. */
    public Optional<MembershipEvent> left(String nodeId, long bootEpoch) {
        Optional<Member> boot = boot(nodeId, bootEpoch);
        if (boot.isEmpty()) {
            return Optional.empty();
        }
        goodbyes.add(boot.get().id());
        remove(nodeId, bootEpoch);
        return recount(nodeId, Left::new);
    }

    /** A boot is gone and will not be heard of again, whether it said goodbye or not. */
    public Optional<MembershipEvent> gone(String nodeId, long bootEpoch) {
        goodbyes.remove(Member.id(nodeId, bootEpoch));
        remove(nodeId, bootEpoch);
        return recount(nodeId, Failed::new);
    }

    /** Every node that is there, this one included, in the order of their ids. */
    public List<Member> members() {
        return Stream.concat(Stream.of(self), counting.values().stream())
                .sorted(Comparator.comparing(Member::nodeId))
                .toList();
    }

    /** Boots under this node's id and on another data directory. */
    public List<Member> rivals() {
        return boots(self.nodeId())
                .filter(boot -> !boot.directoryId().equals(self.directoryId()))
                .toList();
    }

    /** The boot of that name, whether it counts or not. */
    public Optional<Member> boot(String nodeId, long bootEpoch) {
        return Optional.ofNullable(bootsByNode.getOrDefault(nodeId, Map.of()).get(bootEpoch));
    }

    /** The other node that is reached there. */
    public Optional<Member> at(HostPort gossipAddress) {
        return counting.values().stream()
                .filter(each -> each.gossipAddress().equals(gossipAddress))
                .findFirst();
    }

    /** How many boots are known besides this one, counting or not. */
    public int size() {
        return bootsByNode.values().stream().mapToInt(Map::size).sum();
    }

    private Optional<MembershipEvent> recount(
            String nodeId, Function<Member, MembershipEvent> end) {
        if (nodeId.equals(self.nodeId())) {
            return Optional.empty();
        }
        Member before = counting.get(nodeId);
        Member after = choose(nodeId, before);
        if (after == null) {
            counting.remove(nodeId);
            return Optional.ofNullable(before).map(end);
        }
        counting.put(nodeId, after);
        if (before == null) {
            return Optional.of(new Joined(after));
        }
        return before.equals(after) ? Optional.empty() : Optional.of(new Updated(before, after));
    }

    private @Nullable Member choose(String nodeId, @Nullable Member before) {
        Member choice = before == null ? null : newest(nodeId, before.directoryId());
        if (choice != null) {
            return choice;
        }
        return boots(nodeId)
                .findFirst()
                .map(oldest -> newest(nodeId, oldest.directoryId()))
                .orElse(null);
    }

    private @Nullable Member newest(String nodeId, String directoryId) {
        return boots(nodeId)
                .filter(boot -> boot.directoryId().equals(directoryId))
                .max(Comparator.comparingLong(Member::bootEpoch))
                .orElse(null);
    }

    /** The boots of the node that are not of another cluster, the oldest first. */
    private Stream<Member> boots(String nodeId) {
        return bootsByNode.getOrDefault(nodeId, Map.of()).values().stream()
                .filter(boot -> !isForeign(boot));
    }

    private boolean isForeign(Member boot) {
        return !self.clusterId().isEmpty()
                && !boot.clusterId().isEmpty()
                && !boot.clusterId().equals(self.clusterId());
    }

    private void remove(String nodeId, long bootEpoch) {
        Map<Long, Member> boots = bootsByNode.get(nodeId);
        if (boots != null) {
            boots.remove(bootEpoch);
            if (boots.isEmpty()) {
                bootsByNode.remove(nodeId);
            }
        }
    }
}
