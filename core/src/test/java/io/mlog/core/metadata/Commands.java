package io.mlog.core.metadata;

import io.mlog.core.metadata.CommandResult.Done;
import io.mlog.core.metadata.CommandResult.Outcome;
import io.mlog.core.metadata.CommandResult.Refused;
import io.mlog.core.metadata.MetadataCommand.CreateCluster;
import io.mlog.core.metadata.MetadataCommand.CreateTopic;
import io.mlog.core.metadata.MetadataCommand.RegisterBroker;
import io.mlog.model.HostPort;
import io.mlog.model.TopicId;
import java.util.List;
import java.util.Map;
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
            commands.done(broker("node-" + i, 1, null));
        }
        return commands;
    }

    static RegisterBroker broker(String nodeId, long bootEpoch, @Nullable String rack) {
        return new RegisterBroker(
                nodeId,
                "dir-of-" + nodeId,
                bootEpoch,
                null,
                new HostPort("127.0.0.1", 9094),
                rack,
                "0.1.0");
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
