package io.mlog.simulation;

import io.mlog.broker.partition.Partition;
import io.mlog.core.metadata.CommandResult;
import io.mlog.core.metadata.MetadataCommand;
import io.mlog.core.metadata.PartitionImage;
import io.mlog.core.metadata.TopicConfigs;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;

/**
 * Machines, network, metadata and a topic, on one thread: advanced event by event, with every
 * promise checked after each.
 */
final class Cluster {
    private static final long START_MS = 20_000;

    private final Scheduler scheduler;
    private final Machines machines;
    private final Counts counts = new Counts();
    private final Promises promises;
    private final Clients clients;

    Cluster(Settings settings, SplittableRandom random, Trace trace) {
        scheduler = new Scheduler(trace);
        Network network = new Network(scheduler, random.split(), settings.brokers());
        Quorum quorum = new Quorum(scheduler, random.split(), network, settings.brokers());
        machines =
                new Machines(
                        scheduler, network, quorum, settings, new Proposals(), new ArrayList<>());
        for (int id = 1; id <= settings.brokers(); id++) {
            machines.all().add(new SimulatedBroker(id, machines, random.split()));
        }
        promises = new Promises(machines, counts);
        clients = new Clients(machines, promises, counts, random.split());
    }

    /** Founds the cluster, takes all brokers into service and creates the topic. */
    Cluster start() {
        decide(new MetadataCommand.CreateCluster("simulated"));
        for (SimulatedBroker each : machines.all()) {
            // Brokers get their numbers in the order in which they come, so here in theirs.
            decide(
                    new MetadataCommand.RegisterBroker(
                            each.nodeId(),
                            "none",
                            1,
                            null,
                            each.address(),
                            each.address(),
                            null,
                            "0"));
        }
        machines.all().forEach(SimulatedBroker::start);
        until("all brokers serve", this::allServe);
        decide(
                new MetadataCommand.CreateTopic(
                        Settings.TOPIC,
                        Settings.TOPIC_ID,
                        machines.settings().partitions(),
                        machines.settings().brokers(),
                        assignments(),
                        Map.of(
                                TopicConfigs.MIN_INSYNC_REPLICAS,
                                Integer.toString(machines.settings().minIsr()),
                                TopicConfigs.FLUSH,
                                machines.settings().flushes() ? "group" : "os",
                                TopicConfigs.SEGMENT_BYTES,
                                Integer.toString(machines.settings().segmentBytes()))));
        until("all replicas are open", this::allOpen);
        return this;
    }

    private List<List<Integer>> assignments() {
        int brokers = machines.settings().brokers();
        List<List<Integer>> assignments = new ArrayList<>();
        for (int partition = 0; partition < machines.settings().partitions(); partition++) {
            List<Integer> replicas = new ArrayList<>();
            for (int i = 0; i < brokers; i++) {
                replicas.add(1 + (partition + i) % brokers);
            }
            assignments.add(replicas);
        }
        return assignments;
    }

    private void decide(MetadataCommand command) {
        if (machines.quorum().apply(command) instanceof CommandResult.Refused refused) {
            throw new Violation(command + " is refused: " + refused.message());
        }
    }

    // ---- time

    /** Lets the next event happen and checks every promise. */
    void step() {
        scheduler.step();
        promises.check();
    }

    /** Lets time pass. */
    void run(long ms) {
        boolean[] over = {false};
        scheduler.after(ms * 1000, "time is over", () -> over[0] = true);
        while (!over[0]) {
            step();
        }
    }

    /** Goes on until something holds, which must be soon. */
    void until(String what, BooleanSupplier holds) {
        until(what, START_MS, holds);
    }

    void until(String what, long mostMs, BooleanSupplier holds) {
        long end = scheduler.nowMs() + mostMs;
        while (!holds.getAsBoolean()) {
            if (scheduler.nowMs() > end) {
                throw new Violation("after " + mostMs + " ms not yet: " + what + "; " + state());
            }
            step();
        }
    }

    // ---- parts

    Machines machines() {
        return machines;
    }

    Network network() {
        return machines.network();
    }

    Quorum quorum() {
        return machines.quorum();
    }

    Scheduler scheduler() {
        return scheduler;
    }

    SimulatedBroker broker(int id) {
        return machines.broker(id);
    }

    Promises promises() {
        return promises;
    }

    Clients clients() {
        return clients;
    }

    Counts counts() {
        return counts;
    }

    // ---- state

    PartitionImage decided(int partition) {
        return machines.quorum()
                .image()
                .partition(machines.settings().partition(partition))
                .orElseThrow(() -> new IllegalStateException("there is no topic yet"));
    }

    boolean allServe() {
        return machines.all().stream()
                .allMatch(each -> each.life() != null && each.running().serves());
    }

    private boolean allOpen() {
        return machines.all().stream()
                .allMatch(each -> {
                    for (int i = 0; i < machines.settings().partitions(); i++) {
                        if (each.life() == null || each.running().partition(i) == null) {
                            return false;
                        }
                    }
                    return true;
                });
    }

    /** Whether all replicas are in sync, equal, and committed up to their ends. */
    boolean isSettled() {
        if (!allServe() || !allOpen()) {
            return false;
        }
        for (int i = 0; i < machines.settings().partitions(); i++) {
            PartitionImage image = decided(i);
            if (!image.hasLeader() || image.isr().size() != image.replicas().size()) {
                return false;
            }
            long end = broker(image.leader()).running().logEnd(i);
            for (SimulatedBroker each : machines.all()) {
                Partition replica = each.running().partition(i);
                if (replica == null
                        || replica.log().logEndOffset() != end
                        || replica.highWatermark() != end) {
                    return false;
                }
            }
        }
        return true;
    }

    /** For people: where everybody is. */
    String state() {
        StringBuilder state = new StringBuilder();
        for (int i = 0; i < machines.settings().partitions(); i++) {
            PartitionImage image = decided(i);
            state.append(
                    "%s: leader %d, leader epoch %d, partition epoch %d, ISR %s;"
                            .formatted(
                                    machines.settings().partition(i),
                                    image.leader(),
                                    image.leaderEpoch(),
                                    image.partitionEpoch(),
                                    image.isr()));
            for (SimulatedBroker each : machines.all()) {
                BrokerLife life = each.life();
                Partition replica = life == null ? null : life.partition(i);
                state.append(
                        replica == null
                                ? " broker %d down;".formatted(each.id())
                                : " broker %d: high watermark %d, flushed %d, log end %d;"
                                        .formatted(
                                                each.id(),
                                                replica.highWatermark(),
                                                replica.log().flushedOffset(),
                                                replica.log().logEndOffset()));
            }
        }
        return state.toString();
    }
}
