package io.mlog.systemtests.faults;

import io.mlog.systemtests.harness.BrokerProcess;
import io.mlog.systemtests.harness.ClusterProcesses;
import io.mlog.systemtests.harness.ClusterView;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Real brokers that reach each other, and are reached by clients, through a {@link FaultyNetwork}:
 * node N is told to advertise 127.0.1.N, where the network listens, and itself listens on
 * 127.0.0.1. Tests look at a node there, past the network. One thread.
 */
public final class FaultyCluster implements AutoCloseable {
    private static final String OWN_HOST = "127.0.0.1";

    private final int count;
    private final ClusterProcesses processes;
    private final FaultyNetwork network;

    private FaultyCluster(int count, ClusterProcesses processes) {
        this.count = count;
        this.processes = processes;
        this.network = new FaultyNetwork(count, new SocketOwners(this::pids));
        for (int node = 1; node <= count; node++) {
            BrokerProcess broker = processes.node(node);
            door(node, broker.gossipPort());
            door(node, broker.raftPort());
            door(node, broker.rpcPort());
        }
    }

    /** So many brokers with their data in this folder; not started. */
    public static FaultyCluster in(Path folder, int count) throws IOException {
        return new FaultyCluster(
                count, ClusterProcesses.in(folder, count, FaultyCluster::knownHost));
    }

    private static String knownHost(int node) {
        return "127.0.1." + node;
    }

    private void door(int node, int port) {
        network.door(
                node,
                new InetSocketAddress(knownHost(node), port),
                new InetSocketAddress(OWN_HOST, port));
    }

    private Map<Integer, Long> pids() {
        Map<Integer, Long> pids = new HashMap<>();
        for (int node : nodes()) {
            processes.node(node).pid().ifPresent(pid -> pids.put(node, pid));
        }
        return pids;
    }

    /** The numbers of all nodes, from 1. */
    public List<Integer> nodes() {
        return IntStream.rangeClosed(1, count).boxed().toList();
    }

    /** All but one. */
    public List<Integer> othersThan(int node) {
        return nodes().stream().filter(other -> other != node).toList();
    }

    /** Starts all of them and waits until they serve and vote. */
    public void start() throws Exception {
        for (int node : nodes()) {
            network.open(node);
        }
        processes.start();
    }

    /** Kills a node as {@code kill -9} does. */
    public void kill9(int node) throws IOException {
        node(node).kill9();
        network.shut(node);
    }

    /** Ends a node with SIGTERM. */
    public void stop(int node) throws IOException, InterruptedException {
        int exit = node(node).stop();
        network.shut(node);
        if (exit != 0) {
            throw new AssertionError(
                    "node-%d ended with %d: %s"
                            .formatted(node, exit, node(node).process().output()));
        }
    }

    /** Starts nodes that are dead, all at the same time, and waits until they serve. */
    public void startAgain(List<Integer> nodes) throws Exception {
        for (int node : nodes) {
            network.open(node);
        }
        processes.startAgain(nodes);
    }

    /** Stops a node's threads; its connections stay, and nothing answers on them. */
    public void pause(int node) throws IOException, InterruptedException {
        node(node).process().signal("STOP");
    }

    /** Lets it go on. */
    public void resume(int node) throws IOException, InterruptedException {
        node(node).process().signal("CONT");
    }

    /** Deletes everything a dead node has on disk. */
    public void wipe(int node) throws IOException {
        try (Stream<Path> files = Files.walk(node(node).dataDir())) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    public BrokerProcess node(int number) {
        return processes.node(number);
    }

    public FaultyNetwork network() {
        return network;
    }

    /** What the nodes say of the cluster. */
    public ClusterView view() {
        return new ClusterView(processes);
    }

    /** Keeps what the brokers log, in a file for each in this folder. */
    public void logTo(Path folder) throws IOException {
        Files.createDirectories(folder);
        for (int node : nodes()) {
            node(node).logTo(folder.resolve("node-" + node + ".log"));
        }
    }

    /** The processes themselves. */
    public ClusterProcesses processes() {
        return processes;
    }

    /** Where clients begin, separated by commas; the brokers then tell them of the network. */
    public String addresses() {
        return processes.addresses();
    }

    @Override
    public void close() throws IOException {
        processes.close();
        network.close();
    }
}
