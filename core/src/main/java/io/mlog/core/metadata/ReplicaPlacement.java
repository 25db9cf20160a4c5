package io.mlog.core.metadata;

import static io.mlog.core.metadata.Decision.refuse;

import io.mlog.model.ErrorCode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Chooses the brokers of new partitions: the first replicas go round the active brokers from a
 * rotating start; each further one goes to a rack that has none of the partition yet, then to the
 * broker with the fewest replicas, then to the next one round. Where more replicas are asked for
 * than there are active brokers, the rest goes by the same rules to those that are away, and is in
 * sync some time after they come back. One use for one decision, or one plan of moves.
 */
final class ReplicaPlacement {
    /** The level from which on brokers that are away are given replicas. */
    private static final int AWAY_SINCE = 2;

    private final List<BrokerImage> live;
    private final List<BrokerImage> away;
    private final Map<Integer, Integer> replicaCounts = new HashMap<>();

    ReplicaPlacement(MetadataImage image) {
        live = brokers(image, BrokerImage::active);
        away = image.level() < AWAY_SINCE ? List.of() : brokers(image, broker -> !broker.active());
        for (TopicImage topic : image.topicsByName().values()) {
            for (PartitionImage partition : topic.partitions()) {
                partition.replicas().forEach(this::count);
            }
        }
    }

    private static List<BrokerImage> brokers(
            MetadataImage image, Predicate<BrokerImage> condition) {
        return image.brokers().values().stream()
                .filter(condition)
                .sorted(Comparator.comparingInt(BrokerImage::id))
                .toList();
    }

    int liveBrokers() {
        return live.size();
    }

    /** How many replicas a new partition may have. */
    int mostReplicas() {
        return live.isEmpty()
                ? 0
                : Math.min(live.size() + away.size(), MetadataLimits.REPLICAS_OF_PARTITION);
    }

    /**
     * Brokers for each of {@code partitions} new partitions.
     *
     * @param start where the round of first replicas begins; any number
     * @throws io.mlog.model.MlogException INVALID_REPLICATION_FACTOR when there are too few brokers
     *     for {@code replicas}, or none is live
     */
    List<List<Integer>> place(int partitions, int replicas, int start) {
        if (replicas < 1 || replicas > mostReplicas()) {
            throw refuse(
                    ErrorCode.INVALID_REPLICATION_FACTOR,
                    ("%d replicas of each partition were asked for; 1 to %d are possible with %d"
                                    + " live brokers%s")
                            .formatted(
                                    replicas,
                                    mostReplicas(),
                                    live.size(),
                                    away.isEmpty() ? "" : " and " + away.size() + " away"));
        }
        List<List<Integer>> placed = new ArrayList<>(partitions);
        for (int i = 0; i < partitions; i++) {
            placed.add(placeOne(replicas, Math.floorMod((long) start + i, live.size())));
        }
        return placed;
    }

    private List<Integer> placeOne(int replicas, int first) {
        List<Integer> chosen = new ArrayList<>(replicas);
        Set<String> racks = new HashSet<>();
        take(live.get(first), chosen, racks);
        while (chosen.size() < replicas) {
            List<BrokerImage> brokers = chosen.size() < live.size() ? live : away;
            take(best(brokers, first, chosen, racks), chosen, racks);
        }
        return chosen;
    }

    private BrokerImage best(
            List<BrokerImage> brokers, int first, List<Integer> chosen, Set<String> racks) {
        BrokerImage best = brokers.getFirst();
        long bestCost = Long.MAX_VALUE;
        for (int distance = 1; distance <= brokers.size(); distance++) {
            BrokerImage candidate = brokers.get((first + distance) % brokers.size());
            long cost =
                    (racks.contains(rackOf(candidate)) ? 1L << 32 : 0)
                            + replicaCounts.getOrDefault(candidate.id(), 0);
            if (cost < bestCost && !chosen.contains(candidate.id())) {
                best = candidate;
                bestCost = cost;
            }
        }
        return best;
    }

    /**
     * The broker for one more replica beside {@code present} ones; empty when every active broker
     * but {@code leftOut} has one.
     */
    Optional<Integer> oneMore(List<Integer> present, int leftOut) {
        Set<String> racks = new HashSet<>();
        for (BrokerImage broker : live) {
            if (present.contains(broker.id())) {
                racks.add(rackOf(broker));
            }
        }
        Optional<BrokerImage> chosen =
                live.stream()
                        .filter(broker -> broker.id() != leftOut)
                        .filter(broker -> !present.contains(broker.id()))
                        .min(
                                Comparator.comparing((BrokerImage broker) ->
                                                racks.contains(rackOf(broker)))
                                        .thenComparing(broker ->
                                                replicaCounts.getOrDefault(broker.id(), 0)));
        chosen.ifPresent(broker -> count(broker.id()));
        return chosen.map(BrokerImage::id);
    }

    private void take(BrokerImage broker, List<Integer> chosen, Set<String> racks) {
        chosen.add(broker.id());
        racks.add(rackOf(broker));
        count(broker.id());
    }

    private void count(int broker) {
        replicaCounts.merge(broker, 1, Integer::sum);
    }

    /** A broker without a rack is a rack of its own. */
    private static String rackOf(BrokerImage broker) {
        return Objects.requireNonNullElse(broker.rack(), "/" + broker.id());
    }
}
