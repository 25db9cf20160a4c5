package io.mlog.core.metadata;

import io.mlog.core.metadata.MetadataCommand.Reassignment;
import io.mlog.model.ErrorCode;
import io.mlog.model.MlogException;
import io.mlog.model.TopicPartition;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Plans where replicas go when somebody says what is wanted and not where: another number of
 * copies, or a broker without any. Chooses brokers as for new partitions, and moves no replica that
 * can stay. A plan is a wish for {@link MetadataCommand.ReassignPartitions}; it decides nothing.
 *
 * <p>One use for one image.
 */
public final class ReplicaMoves {
    private static final int NOBODY = -1;

    private final MetadataImage image;
    private final ReplicaPlacement placement;

    /** Plans on {@code image}. */
    public ReplicaMoves(MetadataImage image) {
        this.image = image;
        this.placement = new ReplicaPlacement(image);
    }

    /**
     * {@code partitions} of {@code topic} with {@code count} replicas each. Of too many those go
     * that are not alive, then those not in sync, then the last ones.
     *
     * @throws MlogException INVALID_REPLICATION_FACTOR when there are too few live brokers
     */
    public List<Reassignment> resize(TopicImage topic, Set<Integer> partitions, int count) {
        if (count < 1
                || count > placement.liveBrokers()
                || count > MetadataLimits.REPLICAS_OF_PARTITION) {
            throw new MlogException(
                    ErrorCode.INVALID_REPLICATION_FACTOR,
                    "%d replicas of topic '%s' were asked for; 1 to %d are possible with %d live brokers"
                            .formatted(
                                    count,
                                    topic.name(),
                                    Math.min(
                                            placement.liveBrokers(),
                                            MetadataLimits.REPLICAS_OF_PARTITION),
                                    placement.liveBrokers()));
        }
        return topic.partitions().stream()
                .filter(partition -> partitions.contains(partition.partition()))
                .map(partition -> wish(topic, partition, resized(partition, count)))
                .toList();
    }

    /**
     * Every partition that has a replica on {@code broker} and is not losing it already, without
     * that replica, up to {@code atMost} of them. Another broker takes its place in the order of
     * the replicas.
     *
     * @param fewerReplicas whether a partition may have fewer replicas than before when no other
     *     broker is there for one
     * @throws MlogException INVALID_REPLICATION_FACTOR when it may not and has to
     */
    public List<Reassignment> away(int broker, boolean fewerReplicas, int atMost) {
        List<Reassignment> wishes = new ArrayList<>();
        for (TopicImage topic : image.topicsInOrder()) {
            for (PartitionImage partition : topic.partitions()) {
                if (wishes.size() < atMost && keeps(partition, broker)) {
                    wishes.add(
                            wish(
                                    topic,
                                    partition,
                                    without(topic, partition, broker, fewerReplicas)));
                }
            }
        }
        return wishes;
    }

    /** Where the replicas of a partition will be when what is under way is done. */
    static List<Integer> target(PartitionImage partition) {
        return partition.replicas().stream()
                .filter(replica -> !partition.removingReplicas().contains(replica))
                .toList();
    }

    static boolean keeps(PartitionImage partition, int broker) {
        return target(partition).contains(broker);
    }

    private List<Integer> resized(PartitionImage partition, int count) {
        List<Integer> wanted = new ArrayList<>(target(partition));
        while (wanted.size() < count) {
            // There are at least as many live brokers, and not all of them are in it yet.
            wanted.add(placement.oneMore(wanted, NOBODY).orElseThrow());
        }
        Set<Integer> stay =
                wanted.stream()
                        .sorted(Comparator.comparingInt(replica -> worth(partition, replica)))
                        .limit(count)
                        .collect(Collectors.toSet());
        return wanted.stream().filter(stay::contains).toList();
    }

    /** Lower is better. */
    private int worth(PartitionImage partition, int replica) {
        if (!Assignments.active(image, replica)) {
            return 2;
        }
        return partition.isr().contains(replica) ? 0 : 1;
    }

    private List<Integer> without(
            TopicImage topic, PartitionImage partition, int broker, boolean fewerReplicas) {
        List<Integer> target = target(partition);
        Optional<Integer> heir = placement.oneMore(target, broker);
        if (heir.isPresent()) {
            return target.stream()
                    .map(replica -> replica == broker ? heir.get() : replica)
                    .toList();
        }
        if (!fewerReplicas || target.size() == 1) {
            throw new MlogException(
                    ErrorCode.INVALID_REPLICATION_FACTOR,
                    "%s has %d replicas, and no other live broker is left for the one on broker %d"
                            .formatted(
                                    new TopicPartition(topic.name(), partition.partition()),
                                    target.size(),
                                    broker));
        }
        return target.stream().filter(replica -> replica != broker).toList();
    }

    private static Reassignment wish(
            TopicImage topic, PartitionImage partition, List<Integer> replicas) {
        return new Reassignment(new TopicPartition(topic.name(), partition.partition()), replicas);
    }
}
