package io.mlog.core.metadata;

import io.mlog.core.metadata.MetadataCommand.BeginShutdown;
import io.mlog.core.metadata.MetadataCommand.ChangePartitions;
import io.mlog.core.metadata.MetadataCommand.ElectLeaders;
import io.mlog.core.metadata.MetadataCommand.Election;
import io.mlog.core.metadata.MetadataCommand.FenceBroker;
import io.mlog.core.metadata.MetadataCommand.IsrChange;
import io.mlog.core.metadata.MetadataCommand.ReassignPartitions;
import io.mlog.core.metadata.MetadataCommand.Reassignment;
import io.mlog.core.metadata.MetadataCommand.RegisterBroker;
import io.mlog.core.metadata.MetadataCommand.UnfenceBroker;
import io.mlog.core.metadata.MetadataCommand.UnregisterBroker;
import io.mlog.core.replication.IsrMember;
import io.mlog.core.replication.IsrProposal;
import io.mlog.model.HostPort;
import io.mlog.model.TopicId;
import io.mlog.model.TopicIdPartition;
import io.mlog.model.TopicPartition;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.Predicate;

/**
 * Commands about brokers and replicas that fit an image, most of them: with the epochs and boots it
 * has, and now and then with others.
 */
final class RandomClusterCommands {
    private static final int NODES = 5;

    private final Random random;

    RandomClusterCommands(Random random) {
        this.random = random;
    }

    MetadataCommand next(MetadataImage image) {
        return switch (random.nextInt(32)) {
            case 0, 1 -> registration(image);
            case 2, 3, 4, 5, 6, 7, 8 -> unfencing(image);
            case 9 -> fencing(image);
            case 10 -> shutdown(image);
            case 11 -> new UnregisterBroker(broker(image));
            case 12, 13 -> election(image);
            case 14, 15 -> reassignment(image);
            default -> isrChanges(image);
        };
    }

    private BeginShutdown shutdown(MetadataImage image) {
        int broker = broker(image);
        return new BeginShutdown(broker, bootOf(broker, image));
    }

    RegisterBroker registration(MetadataImage image) {
        String node = "node-" + random.nextInt(NODES);
        String directory = node + "-" + (random.nextInt(4) == 0 ? random.nextInt(3) : 0);
        long boot = image.broker(node).map(BrokerImage::bootEpoch).orElse(0L);
        return new RegisterBroker(
                node,
                directory,
                boot + (rarely() ? 0 : 1 + random.nextInt(3)),
                random.nextBoolean() ? null : new HostPort("client-Ω", random.nextInt(65536)),
                new HostPort("::1", random.nextInt(65536)),
                new HostPort("raft", random.nextInt(65536)),
                random.nextBoolean() ? null : "rack-" + random.nextInt(3),
                "0.1.0");
    }

    private UnfenceBroker unfencing(MetadataImage image) {
        int broker = broker(image, BrokerImage::fenced);
        List<TopicIdPartition> suspects = new ArrayList<>();
        if (random.nextInt(3) == 0) {
            image.topicsInOrder().stream()
                    .flatMap(topic ->
                            topic.partitions().stream()
                                    .filter(p -> random.nextInt(3) == 0)
                                    .map(p -> new TopicIdPartition(topic.id(), p.partition())))
                    .forEach(suspects::add);
        }
        if (rarely()) {
            suspects.add(new TopicIdPartition(new TopicId(3, random.nextLong()), 1));
        }
        return new UnfenceBroker(broker, bootOf(broker, image), suspects);
    }

    private FenceBroker fencing(MetadataImage image) {
        int broker = broker(image);
        return new FenceBroker(broker, bootOf(broker, image));
    }

    private ElectLeaders election(MetadataImage image) {
        List<TopicPartition> partitions = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            partitions.add(partition(image));
        }
        return new ElectLeaders(
                random.nextInt(3) == 0 ? Election.UNCLEAN : Election.PREFERRED,
                partitions,
                rarely() ? 0 : 1 + random.nextInt(3));
    }

    private ReassignPartitions reassignment(MetadataImage image) {
        List<Reassignment> wishes = new ArrayList<>();
        for (int i = rarely() ? 0 : 1 + random.nextInt(2); i > 0; i--) {
            List<Integer> brokers = new ArrayList<>(image.brokers().keySet());
            Collections.sort(brokers);
            Collections.shuffle(brokers, random);
            if (rarely()) {
                brokers.addFirst(99);
            }
            int count = Math.min(brokers.size(), random.nextInt(4));
            wishes.add(new Reassignment(partition(image), brokers.subList(0, count)));
        }
        return new ReassignPartitions(wishes);
    }

    /** What a leader would ask for, of some of the partitions it leads. */
    private ChangePartitions isrChanges(MetadataImage image) {
        int leader = broker(image, broker -> !broker.fenced());
        List<IsrChange> changes = new ArrayList<>();
        for (TopicImage topic : image.topicsInOrder()) {
            for (PartitionImage partition : topic.partitions()) {
                if ((partition.leader() == leader && random.nextInt(3) > 0) || rarely()) {
                    changes.add(isrChange(image, topic.id(), partition));
                }
            }
        }
        if (rarely()) {
            changes.add(
                    new IsrChange(
                            new TopicIdPartition(new TopicId(3, 3), 0),
                            new IsrProposal(0, 0, List.of())));
        }
        return new ChangePartitions(leader, bootOf(leader, image), changes);
    }

    private IsrChange isrChange(MetadataImage image, TopicId topic, PartitionImage partition) {
        List<IsrMember> isr = new ArrayList<>();
        for (int replica : partition.replicas()) {
            BrokerImage broker = image.brokers().get(replica);
            boolean alive = broker != null && broker.active();
            boolean wished = alive ? random.nextInt(4) > 0 : rarely();
            if (replica == partition.leader() || wished) {
                isr.add(new IsrMember(replica, bootOf(replica, image)));
            }
        }
        if (rarely()) {
            isr.add(new IsrMember(broker(image), 1));
        }
        Collections.shuffle(isr, random);
        return new IsrChange(
                new TopicIdPartition(topic, partition.partition()),
                new IsrProposal(
                        partition.leaderEpoch() + (rarely() ? random.nextInt(3) - 1 : 0),
                        partition.partitionEpoch() + (rarely() ? random.nextInt(3) - 1 : 0),
                        isr));
    }

    private TopicPartition partition(MetadataImage image) {
        List<TopicImage> topics = image.topicsInOrder();
        if (topics.isEmpty() || rarely()) {
            return new TopicPartition("nope", 0);
        }
        TopicImage topic = topics.get(random.nextInt(topics.size()));
        return new TopicPartition(
                topic.name(), random.nextInt(topic.partitions().size() + (rarely() ? 1 : 0)));
    }

    private int broker(MetadataImage image) {
        return broker(image, any -> true);
    }

    private int broker(MetadataImage image, Predicate<BrokerImage> wanted) {
        List<Integer> brokers =
                image.brokers().values().stream()
                        .filter(wanted)
                        .map(BrokerImage::id)
                        .sorted()
                        .toList();
        return brokers.isEmpty() || rarely()
                ? random.nextInt(9)
                : brokers.get(random.nextInt(brokers.size()));
    }

    private long bootOf(int broker, MetadataImage image) {
        BrokerImage known = image.brokers().get(broker);
        return known == null || rarely() ? random.nextInt(20) : known.bootEpoch();
    }

    private boolean rarely() {
        return random.nextInt(20) == 0;
    }
}
