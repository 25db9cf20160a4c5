package io.mlog.client;

import io.mlog.model.HostPort;
import io.mlog.model.TopicPartition;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Whom to ask: the addresses that were given and those that replies have named, and who led which
 * partition and coordinated which group when last heard of. Owned by the event loop.
 *
 * <p>At most {@value #MAX_LEARNED} addresses are learned; partitions and groups are as many as are
 * used.
 */
final class KnownNodes {
    private static final int MAX_LEARNED = 100;

    private final List<HostPort> addresses;
    private final int given;
    private final Map<TopicPartition, HostPort> leaders = new HashMap<>();
    private final Map<String, HostPort> coordinators = new HashMap<>();
    private final Map<TopicPartition, Integer> replicas = new HashMap<>();
    private int at;

    KnownNodes(List<HostPort> given) {
        this.addresses = new ArrayList<>(given);
        this.given = given.size();
    }

    /** The node to ask what any node can answer: the last one that did. */
    HostPort any() {
        return addresses.get(at);
    }

    /** Makes way for the next address when {@code address} is the one that is asked. */
    void failed(HostPort address) {
        leaders.values().removeIf(address::equals);
        coordinators.values().removeIf(address::equals);
        if (any().equals(address)) {
            at = (at + 1) % addresses.size();
        }
    }

    Optional<HostPort> leader(TopicPartition partition) {
        return Optional.ofNullable(leaders.get(partition));
    }

    void leads(TopicPartition partition, HostPort leader) {
        leaders.put(partition, leader);
        learn(leader);
    }

    private void learn(HostPort address) {
        if (!addresses.contains(address) && addresses.size() < given + MAX_LEARNED) {
            addresses.add(address);
        }
    }

    Optional<HostPort> coordinator(String group) {
        return Optional.ofNullable(coordinators.get(group));
    }

    /** {@code from} does not coordinate the group, and named who does, or knows no better. */
    void coordinatorRefused(String group, HostPort from, Optional<HostPort> elsewhere) {
        coordinators.remove(group, from);
        if (elsewhere.isEmpty() && any().equals(from)) {
            at = (at + 1) % addresses.size();
        }
        elsewhere.ifPresent(coordinator -> {
            coordinators.put(group, coordinator);
            learn(coordinator);
        });
    }

    /**
     * Where to read a partition from when any replica will do: the first of the given addresses
     * that was not found wanting, at last the leader; empty when that is not known.
     */
    Optional<HostPort> replica(TopicPartition partition) {
        int candidate = replicas.getOrDefault(partition, 0);
        return candidate < given ? Optional.of(addresses.get(candidate)) : leader(partition);
    }

    /** The next candidate for {@link #replica}; behind the leader comes the first again. */
    void replicaFailed(TopicPartition partition) {
        int candidate = replicas.getOrDefault(partition, 0);
        replicas.put(partition, candidate < given ? candidate + 1 : 0);
    }

    void forgetLeader(TopicPartition partition) {
        leaders.remove(partition);
    }

    /**
     * {@code from} does not lead the partition, and named the one that does, or knows no better: a
     * node that is cut off from the others still believes in itself. Then somebody else is asked
     * next, also when {@code from} goes by another address among those that were given.
     */
    void leaderRefused(TopicPartition partition, HostPort from, Optional<HostPort> elsewhere) {
        if (leaders.remove(partition, from) && elsewhere.isEmpty()) {
            at = (at + 1) % addresses.size();
        }
        elsewhere.ifPresent(leader -> leads(partition, leader));
    }

    /** Every address, those that were given first. */
    List<HostPort> all() {
        return List.copyOf(addresses);
    }
}
