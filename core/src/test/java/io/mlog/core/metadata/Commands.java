package io.mlog.core.metadata;

import io.mlog.core.metadata.CommandResult.Done;
import io.mlog.core.metadata.CommandResult.Outcome;
import io.mlog.core.metadata.CommandResult.PartitionResult;
import io.mlog.core.metadata.CommandResult.Refused;
import io.mlog.core.metadata.MetadataCommand.BeginShutdown;
import io.mlog.core.metadata.MetadataCommand.ChangePartitions;
import io.mlog.core.metadata.MetadataCommand.CreateCluster;
import io.mlog.core.metadata.MetadataCommand.CreateTopic;
import io.mlog.core.metadata.MetadataCommand.FenceBroker;
import io.mlog.core.metadata.MetadataCommand.IsrChange;
import io.mlog.core.metadata.MetadataCommand.RegisterBroker;
import io.mlog.core.metadata.MetadataCommand.UnfenceBroker;
import io.mlog.core.replication.IsrMember;
import io.mlog.core.replication.IsrProposal;
import io.mlog.model.HostPort;
import io.mlog.model.TopicId;
import io.mlog.model.TopicIdPartition;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** A machine that is given commands by name, as the tests read best. */
final class Commands {
    static final String CLUSTER = "c-1";

    final MetadataMachine machine;
    private long index;
    private long nextTopicId = 100;

    private Commands(MetadataImage image) {
        machine = new MetadataMachine(image);
        index = image.appliedIndex();
    }

    static Commands from(MetadataImage image) {
        return new Commands(image);
    }

    /** A founded cluster of {@code brokers} brokers with ids from 1 on. */
    static Commands clusterOf(int brokers) {
        Commands commands = from(MetadataImage.EMPTY);
        commands.done(new CreateCluster(CLUSTER));
        for (int i = 1; i <= brokers; i++) {
            commands.start(broker("node-" + i, 1, null));
        }
        return commands;
    }

    /** Registers a boot and lets it lead. */
    int start(RegisterBroker boot) {
        int id = register(boot);
        done(new UnfenceBroker(id, boot.bootEpoch(), List.of()));
        return id;
    }

    /** Registers a boot, which stays fenced. */
    int register(RegisterBroker boot) {
        return ((Outcome.BrokerId) done(boot)).id();
    }

    static RegisterBroker broker(String nodeId, long bootEpoch, @Nullable String rack) {
        return new RegisterBroker(
                nodeId,
                "dir-of-" + nodeId,
                bootEpoch,
                null,
                new HostPort("127.0.0.1", 9094),
                new HostPort("127.0.0.1", 9093),
                rack,
                "0.1.0");
    }

    /** A start of broker {@code id} of {@link #clusterOf} that stays fenced. */
    void restart(int id) {
        restart(id, boot(id) + 1, broker(id).directoryId());
    }

    /** A start of broker {@code id} on another directory, or on one it had before. */
    void restartOn(int id, String directory) {
        restart(id, boot(id) + 1, directory);
    }

    private void restart(int id, long boot, String directory) {
        BrokerImage known = broker(id);
        done(
                new RegisterBroker(
                        known.nodeId(),
                        directory,
                        boot,
                        known.clientAddress(),
                        known.rpcAddress(),
                        known.raftAddress(),
                        known.rack(),
                        known.version()));
    }

    void fence(int... ids) {
        for (int id : ids) {
            done(new FenceBroker(id, boot(id)));
        }
    }

    void unfence(int... ids) {
        for (int id : ids) {
            done(new UnfenceBroker(id, boot(id), List.of()));
        }
    }

    BrokerImage broker(int id) {
        return Objects.requireNonNull(image().brokers().get(id));
    }

    /** Begins the shutdown of a broker and returns how many leaderships are left. */
    int shutDown(int id) {
        return ((Outcome.LeadershipsLeft) done(new BeginShutdown(id, boot(id)))).count();
    }

    /** Makes {@code isr} the in-sync replicas, as the leader would ask for it. */
    void inSync(String topic, int partition, int... isr) {
        ChangePartitions wish = isrChange(topic, partition, isr);
        if (results(wish).getFirst() instanceof PartitionResult.Unchanged refused) {
            throw new AssertionError(refused.toString());
        }
    }

    /** What the leader asks for who wants {@code isr} in sync. */
    ChangePartitions isrChange(String topic, int partition, int... isr) {
        PartitionImage now = topic(topic).partitions().get(partition);
        return new ChangePartitions(
                now.leader(),
                boot(now.leader()),
                List.of(
                        new IsrChange(
                                id(topic, partition),
                                new IsrProposal(
                                        now.leaderEpoch(), now.partitionEpoch(), members(isr)))));
    }

    List<IsrMember> members(int... ids) {
        return IntStream.of(ids).mapToObj(id -> new IsrMember(id, boot(id))).toList();
    }

    TopicIdPartition id(String topic, int partition) {
        return new TopicIdPartition(topic(topic).id(), partition);
    }

    long boot(int broker) {
        BrokerImage known = image().brokers().get(broker);
        return known == null ? 0 : known.bootEpoch();
    }

    List<PartitionResult> results(MetadataCommand command) {
        return ((Outcome.PartitionResults) done(command)).results();
    }

    /** A partition as tests compare it: {@code 1,2,3 isr 1,2 leader 1 epochs 4/5}. */
    String shown(String topic, int partition) {
        PartitionImage p = topic(topic).partitions().get(partition);
        return "%s isr %s leader %s epochs %d/%d%s%s%s"
                .formatted(
                        shown(p.replicas()),
                        shown(p.isr()),
                        p.hasLeader() ? p.leader() : "none",
                        p.leaderEpoch(),
                        p.partitionEpoch(),
                        p.addingReplicas().isEmpty() ? "" : " +" + shown(p.addingReplicas()),
                        p.removingReplicas().isEmpty() ? "" : " -" + shown(p.removingReplicas()),
                        p.lostDirectory() == null ? "" : " lost " + p.lostDirectory());
    }

    private static String shown(List<Integer> ids) {
        return ids.stream().map(String::valueOf).collect(Collectors.joining(","));
    }

    /** A topic {@code t} of one partition on the brokers, the first leading. */
    Commands withTopic(Integer... replicas) {
        done(topic("t", -1, -1, List.of(List.of(replicas)), Map.of()));
        return this;
    }

    /** The same, with configs. */
    Commands withTopic(Map<String, String> configs, Integer... replicas) {
        done(topic("t", -1, -1, List.of(List.of(replicas)), configs));
        return this;
    }

    CreateTopic topic(String name, int partitions, int replicas) {
        return topic(name, partitions, replicas, List.of(), Map.of());
    }

    CreateTopic topic(
            String name,
            int partitions,
            int replicas,
            List<List<Integer>> assignments,
            Map<String, String> configs) {
        return new CreateTopic(
                name, new TopicId(7, nextTopicId++), partitions, replicas, assignments, configs);
    }

    CommandResult apply(MetadataCommand command) {
        index += 2;
        return machine.apply(index, command);
    }

    Outcome done(MetadataCommand command) {
        CommandResult result = apply(command);
        if (result instanceof Done done) {
            return done.outcome();
        }
        throw new AssertionError(command + " was refused: " + result);
    }

    Refused refused(MetadataCommand command) {
        MetadataImage before = machine.image();
        CommandResult result = apply(command);
        if (result instanceof Refused refused && sameBut(before, machine.image())) {
            return refused;
        }
        throw new AssertionError(command + " was not refused without a trace: " + result);
    }

    MetadataImage image() {
        return machine.image();
    }

    TopicImage topic(String name) {
        return image().topic(name).orElseThrow();
    }

    private static boolean sameBut(MetadataImage before, MetadataImage after) {
        return before.stepped(after.appliedIndex()).equals(after);
    }
}
