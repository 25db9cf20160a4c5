package io.mlog.systemtests.harness;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.Collectors;

/** Several brokers of this machine as one cluster, each a process and a rack; node 1 founds it. */
public final class ClusterProcesses implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final List<BrokerProcess> brokers = new ArrayList<>();

    private ClusterProcesses() {}

    /** So many brokers with their data in this folder; not started. */
    public static ClusterProcesses in(Path folder, int count) throws IOException {
        return in(folder, count, _ -> "127.0.0.1");
    }

    /** The same, each known to everybody else by a host of its own, where its ports are, too. */
    public static ClusterProcesses in(Path folder, int count, IntFunction<String> host)
            throws IOException {
        ClusterProcesses cluster = new ClusterProcesses();
        for (int node = 1; node <= count; node++) {
            cluster.brokers.add(BrokerProcess.in(folder.resolve("node" + node)));
        }
        for (int node = 1; node <= count; node++) {
            BrokerProcess broker =
                    cluster.node(node).flag("--node-id", "node-" + node, "--rack", "rack-" + node);
            broker.flag("--advertise-addr", host.apply(node));
            broker.flag("--advertise-client-addr", host.apply(node) + ":" + broker.rpcPort());
            for (int other = 1; other <= count; other++) {
                if (other != node) {
                    broker.flag(
                            "--peer", host.apply(other) + ":" + cluster.node(other).gossipPort());
                }
            }
        }
        return cluster;
    }

    /** Starts one more broker, which joins by the first two, and waits until it serves. */
    public BrokerProcess join(Path folder) throws Exception {
        int number = brokers.size() + 1;
        BrokerProcess broker =
                BrokerProcess.in(folder.resolve("node" + number))
                        .flag("--node-id", "node-" + number, "--rack", "rack-" + number)
                        .flag("--peer", node(1).gossipAddress())
                        .flag("--peer", node(2).gossipAddress());
        brokers.add(broker);
        broker.start();
        return broker;
    }

    /** Starts all of them, the first as the founder, and waits until they serve and vote. */
    public void start() throws Exception {
        startTogether(brokers, "--bootstrap");
        awaitAllVote();
    }

    /** Starts all of them again, none as a founder, and waits until they serve and vote. */
    public void startAgain() throws Exception {
        startTogether(brokers);
        awaitAllVote();
    }

    /** Starts some of them again at the same time, and waits until those serve. */
    public void startAgain(List<Integer> nodes) throws Exception {
        startTogether(nodes.stream().map(this::node).toList());
    }

    private static void startTogether(List<BrokerProcess> brokers, String... flagsOfFirst)
            throws Exception {
        List<Thread> starts = new ArrayList<>();
        List<Throwable> failures = Collections.synchronizedList(new ArrayList<>());
        for (BrokerProcess broker : brokers) {
            Launch launch =
                    broker == brokers.getFirst()
                            ? broker.launch().with(flagsOfFirst)
                            : broker.launch();
            starts.add(Thread.ofPlatform().start(() -> start(broker, launch, failures)));
        }
        for (Thread start : starts) {
            start.join();
        }
        if (!failures.isEmpty()) {
            throw new AssertionError("not every broker started", failures.getFirst());
        }
    }

    private static void start(BrokerProcess broker, Launch launch, List<Throwable> failures) {
        try {
            broker.start(launch);
        } catch (Exception | AssertionError e) {
            failures.add(e);
        }
    }

    /** Waits until every broker is in service and votes. */
    public void awaitAllVote() {
        Await.until(
                LIMIT,
                "every broker is in service and votes",
                () -> {
                    String cluster = describe(1);
                    return count(cluster, "\"state\":\"up\"") == brokers.size()
                            && count(cluster, "\"voter\"") == brokers.size();
                });
    }

    /** What a node says of the cluster, as JSON. */
    public String describe(int node) throws Exception {
        return JsonRpc.call(node(node).rpcPort(), "{\"id\":1,\"type\":\"DescribeCluster\"}");
    }

    /** What a node says of a topic, as JSON. */
    public String describeTopic(int node, String topic) throws Exception {
        return JsonRpc.call(
                node(node).rpcPort(),
                "{\"id\":1,\"type\":\"DescribeTopic\",\"topic\":\"" + topic + "\"}");
    }

    /** Number of the node that leads partition 0 of the topic, as {@code node} knows. */
    public int leader(int node, String topic) throws Exception {
        String description = describeTopic(node, topic);
        String before = "\"leaderNodeId\":\"node-";
        int at = description.indexOf(before);
        if (at < 0) {
            throw new AssertionError("nobody leads " + topic + ": " + description);
        }
        return description.charAt(at + before.length()) - '0';
    }

    /** Waits until as many replicas of partition 0 are in sync, as {@code node} knows. */
    public void awaitInSync(int node, String topic, int count) {
        Await.until(
                LIMIT,
                count + " replicas of " + topic + " are in sync",
                () -> {
                    String description = describeTopic(node, topic);
                    int from = description.indexOf("\"isr\":[");
                    return from >= 0
                            && count(
                                            description.substring(
                                                    from, description.indexOf(']', from)),
                                            "node-")
                                    == count;
                });
    }

    /** The broker, counted from 1. */
    public BrokerProcess node(int number) {
        return brokers.get(number - 1);
    }

    /** How many there are, dead ones included. */
    public int size() {
        return brokers.size();
    }

    /** All client addresses, separated by commas. */
    public String addresses() {
        return brokers.stream().map(BrokerProcess::address).collect(Collectors.joining(","));
    }

    private static int count(String text, String part) {
        int count = 0;
        for (int at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + 1)) {
            count++;
        }
        return count;
    }

    @Override
    public void close() {
        brokers.forEach(BrokerProcess::close);
    }
}
