package io.mlog.cluster.gossip;

import io.mlog.model.HostPort;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Decides to whom this node introduces itself, and when: to its peers until they are members, and
 * to members that went away until they are back, for a day. Without it two halves of a cluster that
 * both gave the other up would never meet again. Each address is tried at growing intervals, at
 * most {@link #LONGEST_ALONE_MS} while there is no other member, then {@link #LONGEST_MS}. In the
 * first {@link #EAGER_MS} peers are asked again that answered already: where many start at once,
 * they knew few at first. Any thread; knows the time, from 0 on, only by what it is told.
 */
final class Introductions {
    static final long EAGER_MS = 3_000;
    static final long FIRST_MS = 100;
    static final long LONGEST_ALONE_MS = 2_000;
    static final long LONGEST_MS = 5_000;
    static final long FORGOTTEN_MS = 24 * 3600 * 1000L;
    static final long SILENCE_MS = 3_000;
    static final int MOST_FORMER = 64;

    private final Map<HostPort, Acquaintance> byAddress = new LinkedHashMap<>();

    Introductions(Collection<HostPort> peers) {
        peers.forEach(peer -> byAddress.put(peer, new Acquaintance("", 0)));
    }

    /** A member went away: it may come back where it was. */
    synchronized void wentAway(String nodeId, HostPort address, long nowMs) {
        List<HostPort> former = former();
        if (former.size() >= MOST_FORMER) {
            byAddress.remove(former.getFirst());
        }
        byAddress
                .computeIfAbsent(address, unknown -> new Acquaintance(nodeId, nowMs))
                .startAgain(nowMs);
    }

    /** A node is there: its former addresses are of no interest. */
    synchronized void isThere(String nodeId) {
        byAddress.values().removeIf(each -> each.nodeId.equals(nodeId));
    }

    /** This node itself answers at that address. */
    synchronized void isSelf(HostPort address) {
        byAddress.remove(address);
    }

    /** Whether nobody was named to join by but this node itself. */
    synchronized boolean hasNoPeers() {
        return byAddress.values().stream().noneMatch(Acquaintance::isPeer);
    }

    synchronized boolean isPeer(HostPort address) {
        Acquaintance known = byAddress.get(address);
        return known != null && known.isPeer();
    }

    /** How often in a row an introduction at that address could not even be delivered. */
    synchronized int failures(HostPort address) {
        Acquaintance known = byAddress.get(address);
        return known == null ? 0 : known.failures;
    }

    /** To whom this node introduces itself now, and is told of as done. */
    synchronized List<HostPort> due(long nowMs, Collection<HostPort> present) {
        List<HostPort> due = new ArrayList<>();
        byAddress.values().removeIf(each -> each.isForgotten(nowMs));
        byAddress.forEach((address, each) -> {
            if (present.contains(address) && nowMs >= EAGER_MS) {
                each.rest(nowMs);
            } else if (each.nextMs <= nowMs) {
                each.tried(nowMs, present.isEmpty() ? LONGEST_ALONE_MS : LONGEST_MS);
                due.add(address);
            }
        });
        return due;
    }

    /** Time until something may be due. */
    synchronized long waitMs(long nowMs) {
        return byAddress.values().stream().mapToLong(each -> each.nextMs - nowMs).min().stream()
                .map(wait -> Math.clamp(wait, 10, LONGEST_MS))
                .findFirst()
                .orElse(LONGEST_MS);
    }

    /** The introduction reached the other end. */
    synchronized void delivered(HostPort address, long nowMs) {
        Acquaintance known = byAddress.get(address);
        if (known != null) {
            known.failures = 0;
            known.silentSinceMs = known.silentSinceMs < 0 ? nowMs : known.silentSinceMs;
        }
    }

    /** The introduction did not reach the other end. */
    synchronized void undelivered(HostPort address) {
        Acquaintance known = byAddress.get(address);
        if (known != null) {
            known.failures++;
            known.silentSinceMs = -1;
        }
    }

    /** The other end said that it does not take it. */
    synchronized void refused(HostPort address) {
        Acquaintance known = byAddress.get(address);
        if (known != null) {
            known.silentSinceMs = -1;
        }
    }

    /** Somebody answered an introduction; who it was introduced to need not be where it answers. */
    synchronized void answered() {
        byAddress.values().forEach(each -> each.silentSinceMs = -1);
    }

    /** Peers that introductions reach, and whose answers do not arrive. */
    synchronized List<HostPort> silent(long nowMs) {
        return byAddress.entrySet().stream()
                .filter(each -> each.getValue().isPeer() && each.getValue().isSilent(nowMs))
                .map(Map.Entry::getKey)
                .toList();
    }

    private List<HostPort> former() {
        return byAddress.entrySet().stream()
                .filter(each -> !each.getValue().isPeer())
                .map(Map.Entry::getKey)
                .toList();
    }

    private static final class Acquaintance {
        /** Empty for a peer that the operator named. */
        private final String nodeId;

        private final long sinceMs;
        private long nextMs;
        private long pauseMs = FIRST_MS;
        private int failures;
        private long silentSinceMs = -1;

        Acquaintance(String nodeId, long nowMs) {
            this.nodeId = nodeId;
            this.sinceMs = nowMs;
            this.nextMs = nowMs;
        }

        boolean isPeer() {
            return nodeId.isEmpty();
        }

        boolean isForgotten(long nowMs) {
            return !isPeer() && nowMs - sinceMs >= FORGOTTEN_MS;
        }

        boolean isSilent(long nowMs) {
            return silentSinceMs >= 0 && nowMs - silentSinceMs >= SILENCE_MS;
        }

        void startAgain(long nowMs) {
            pauseMs = 2 * FIRST_MS;
            nextMs = nowMs + FIRST_MS;
        }

        void rest(long nowMs) {
            failures = 0;
            silentSinceMs = -1;
            nextMs = nowMs + LONGEST_MS;
        }

        void tried(long nowMs, long longestMs) {
            nextMs = nowMs + pauseMs;
            pauseMs = Math.min(2 * pauseMs, longestMs);
        }
    }
}
