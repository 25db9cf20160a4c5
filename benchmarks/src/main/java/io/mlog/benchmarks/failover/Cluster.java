package io.mlog.benchmarks.failover;

import io.mlog.benchmarks.failover.Candidate.Node;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.ElectionType;
import org.apache.kafka.common.TopicPartitionInfo;

/** Three brokers of one product, each a process that may be killed and started again. */
final class Cluster implements AutoCloseable {
    static final int NODES = 3;
    private static final long LIMIT_NANOS = TimeUnit.SECONDS.toNanos(120);

    private final Candidate candidate;
    private final List<Node> nodes = new ArrayList<>();
    private final List<List<String>> commands = new ArrayList<>();
    private final Map<Integer, Process> processes = new HashMap<>();
    private final Admin admin;

    /** Something that is asked until it is so; a failed question counts as "not yet". */
    private interface Question {
        boolean isSo() throws Exception;
    }

    private Cluster(Candidate candidate, Path directory) throws IOException {
        this.candidate = candidate;
        List<Integer> ports = freePorts(3 * NODES);
        for (int id = 1; id <= NODES; id++) {
            int first = 3 * (id - 1);
            nodes.add(
                    new Node(
                            id,
                            Files.createDirectory(directory.resolve("node" + id)),
                            ports.get(first),
                            ports.get(first + 1),
                            ports.get(first + 2)));
        }
        this.admin = Admin.create(Map.<String, Object>of("bootstrap.servers", addresses()));
    }

    /** Starts three brokers on empty directories and waits until they are a cluster. */
    static Cluster start(Candidate candidate, Path directory)
            throws IOException, InterruptedException {
        Cluster cluster = new Cluster(candidate, directory);
        for (Node node : cluster.nodes) {
            cluster.commands.add(candidate.prepare(node, cluster.nodes));
        }
        for (Node node : cluster.nodes) {
            cluster.begin(node.id());
        }
        cluster.await(
                "three brokers are there",
                () -> cluster.admin.describeCluster().nodes().get().size() == NODES);
        return cluster;
    }

    private void begin(int id) throws IOException {
        Node node = nodes.get(id - 1);
        processes.put(
                id,
                new ProcessBuilder(commands.get(id - 1))
                        .redirectErrorStream(true)
                        .redirectOutput(
                                ProcessBuilder.Redirect.appendTo(
                                        node.directory().resolve("broker.log").toFile()))
                        .start());
    }

    String addresses() {
        return nodes.stream().map(Node::address).collect(Collectors.joining(","));
    }

    /**
     * Creates a topic with a partition for each node, three replicas, two of which must have it.
     */
    void createTopic(String name) throws InterruptedException {
        NewTopic topic =
                new NewTopic(name, NODES, (short) NODES)
                        .configs(Map.of("min.insync.replicas", "2"));
        await(
                "topic " + name,
                () -> {
                    admin.createTopics(List.of(topic)).all().get();
                    return true;
                });
    }

    /** Number of the node that leads the metadata. */
    int metadataLeader() throws InterruptedException {
        int[] leader = new int[1];
        await(
                "somebody leads the metadata",
                () -> {
                    leader[0] = candidate.metadataLeader(admin, nodes.getFirst());
                    return leader[0] > 0;
                });
        return leader[0];
    }

    /** A partition that the node leads, which is given its own back when it has lost it. */
    int ledBy(int id, String topic) throws InterruptedException {
        OptionalInt[] found = {OptionalInt.empty()};
        await(
                "node " + id + " leads a partition",
                () -> {
                    found[0] = first(topic, id);
                    if (found[0].isEmpty()) {
                        electPreferred();
                    }
                    return found[0].isPresent();
                });
        return found[0].orElseThrow();
    }

    private OptionalInt first(String topic, int leader)
            throws InterruptedException, ExecutionException {
        Map<Integer, Integer> ids = brokerIds();
        return partitions(topic).stream()
                .filter(each ->
                        each.leader() != null
                                && ids.getOrDefault(each.leader().port(), 0) == leader)
                .mapToInt(TopicPartitionInfo::partition)
                .findFirst();
    }

    /** Products number their brokers as they like; ports tell them apart. */
    private Map<Integer, Integer> brokerIds() {
        return nodes.stream().collect(Collectors.toMap(Node::clientPort, Node::id));
    }

    private List<TopicPartitionInfo> partitions(String topic)
            throws InterruptedException, ExecutionException {
        return admin.describeTopics(Set.of(topic)).topicNameValues().values().stream()
                .findFirst()
                .orElseThrow()
                .get()
                .partitions();
    }

    private void electPreferred() throws InterruptedException {
        try {
            admin.electLeaders(ElectionType.PREFERRED, null).all().get();
        } catch (ExecutionException e) {
            // It is asked again: the replica is not in sync yet.
        }
    }

    /** Kills the node as {@code kill -9} does. */
    void kill(int id) throws InterruptedException {
        Process process = processes.get(id);
        if (process == null) {
            throw new IllegalStateException("node " + id + " was never started");
        }
        process.destroyForcibly().waitFor();
    }

    /** Starts it again and waits until all replicas are in sync. */
    void startAgain(int id, String topic) throws IOException, InterruptedException {
        begin(id);
        await(
                "all replicas are in sync",
                () ->
                        partitions(topic).stream().allMatch(each -> each.isr().size() == NODES)
                                && admin.describeCluster().nodes().get().size() == NODES);
    }

    private void await(String what, Question question) throws InterruptedException {
        long end = System.nanoTime() + LIMIT_NANOS;
        Exception last = null;
        while (System.nanoTime() < end) {
            try {
                if (question.isSo()) {
                    return;
                }
            } catch (InterruptedException e) {
                throw e;
            } catch (Exception e) {
                last = e;
            }
            TimeUnit.MILLISECONDS.sleep(100);
        }
        throw new IllegalStateException(candidate.name() + ": waited in vain until " + what, last);
    }

    private static List<Integer> freePorts(int count) throws IOException {
        List<ServerSocket> held = new ArrayList<>();
        try {
            for (int i = 0; i < count; i++) {
                held.add(new ServerSocket(0));
            }
            return held.stream().map(ServerSocket::getLocalPort).toList();
        } finally {
            for (ServerSocket socket : held) {
                socket.close();
            }
        }
    }

    @Override
    public void close() {
        admin.close(java.time.Duration.ofSeconds(1));
        processes.values().forEach(Process::destroyForcibly);
    }
}
