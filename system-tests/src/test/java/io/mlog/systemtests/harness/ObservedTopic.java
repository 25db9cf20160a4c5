package io.mlog.systemtests.harness;

import io.mlog.systemtests.history.Copies;
import io.mlog.systemtests.history.History;
import io.mlog.systemtests.history.RecordId;
import io.mlog.systemtests.history.Violation;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * A topic with three replicas that is written and read while things go wrong, everything that was
 * told is kept, and judged in the end. Any number of these on one cluster. One thread.
 */
public final class ObservedTopic implements AutoCloseable {
    private static final int REPLICAS = 3;

    private final ClusterProcesses cluster;
    private final ClusterView view;
    private final String name;
    private final List<History> partitions;
    private final List<SteadyWriter> writers = new ArrayList<>();
    private final List<CopyReader> copyReaders = new ArrayList<>();
    private final List<Integer> partitionOfReader = new ArrayList<>();
    private Optional<KafkaTail> tail = Optional.empty();

    private ObservedTopic(ClusterProcesses cluster, String name, List<History> partitions) {
        this.cluster = cluster;
        this.view = new ClusterView(cluster);
        this.name = name;
        this.partitions = partitions;
    }

    /** Creates the topic. */
    public static ObservedTopic create(ClusterProcesses cluster, String name, int partitions)
            throws IOException {
        String answer =
                JsonRpc.call(
                        cluster.node(1).rpcPort(),
                        "{\"id\":1,\"type\":\"CreateTopic\",\"topic\":\"%s\",\"replicaCount\":%d,\"partitions\":%d}"
                                .formatted(name, REPLICAS, partitions));
        if (!answer.contains("CreateTopicResponse")) {
            throw new AssertionError("topic " + name + " was not created: " + answer);
        }
        return new ObservedTopic(
                cluster,
                name,
                IntStream.range(0, partitions)
                        .mapToObj(partition -> new History(name + "-" + partition))
                        .toList());
    }

    public String name() {
        return name;
    }

    /** What was told of a partition. */
    public History history(int partition) {
        return partitions.get(partition);
    }

    /** Starts a writer, with a number of its own, which ends with this. */
    public SteadyWriter write(NumberSink sink, Duration every) {
        SteadyWriter writer = new SteadyWriter(writers.size(), sink, partitions, every);
        writers.add(writer);
        return writer;
    }

    /** Starts to read every node's own copy. */
    public void readCopies() {
        for (int node = 1; node <= cluster.size(); node++) {
            for (int partition = 0; partition < partitions.size(); partition++) {
                History.Reader into = partitions.get(partition).reader("the copy of node-" + node);
                int port = cluster.node(node).rpcPort();
                copyReaders.add(new CopyReader(port, name, partition, into));
                partitionOfReader.add(partition);
            }
        }
    }

    /** Starts to read with Kafka's consumer. */
    public void tail() {
        tail =
                Optional.of(
                        new KafkaTail(
                                cluster.addresses(),
                                name,
                                partitions.stream()
                                        .map(history -> history.reader("Kafka's consumer"))
                                        .toList()));
    }

    /** Waits until every writer has had something acknowledged that it sends from now on. */
    public void awaitProgress(Duration limit) {
        writers.forEach(writer -> writer.awaitProgress(limit));
    }

    /** How much was acknowledged and read so far. */
    public String counts() {
        return "%,d acknowledged, %,d unknown, %,d reads"
                .formatted(
                        partitions.stream().mapToLong(History::acknowledgements).sum(),
                        writers.stream().mapToLong(SteadyWriter::failed).sum(),
                        partitions.stream().mapToLong(History::reads).sum());
    }

    /** What was found so far. */
    public List<Violation> violations() {
        return partitions.stream().flatMap(history -> history.violations().stream()).toList();
    }

    /**
     * Ends the writers, waits until every replica is in sync and every reader at the end, and holds
     * all that was told against the log and the copies against each other. Every node must be
     * alive.
     *
     * @return what was found; empty when all is well
     */
    public List<Violation> judge(Duration limit) throws Exception {
        for (SteadyWriter writer : writers) {
            writer.finish();
        }
        for (int node = 1; node <= cluster.size(); node++) {
            view.awaitAllInSync(limit, node, name);
        }
        List<Violation> found = new ArrayList<>();
        for (int partition = 0; partition < partitions.size(); partition++) {
            long end = awaitEnd(limit, partition);
            awaitReaders(limit, partition, end);
            found.addAll(partitions.get(partition).against(log(partition)));
            found.addAll(Copies.compare(directories(partition), end));
        }
        return found;
    }

    /** Waits until all copies end at the same offset and know that it is committed. */
    private long awaitEnd(Duration limit, int partition) {
        long[] end = new long[1];
        Await.until(
                limit,
                "all copies of %s-%d to be at the same end".formatted(name, partition),
                () -> {
                    List<ClusterView.Copy> copies = new ArrayList<>();
                    for (int node = 1; node <= cluster.size(); node++) {
                        view.copy(node, name, partition).ifPresent(copies::add);
                    }
                    end[0] = copies.getFirst().logEndOffset();
                    return copies.size() == cluster.size()
                            && copies.stream()
                                    .allMatch(copy ->
                                            copy.equals(new ClusterView.Copy(end[0], end[0])));
                });
        return end[0];
    }

    private void awaitReaders(Duration limit, int partition, long end) {
        for (int i = 0; i < copyReaders.size(); i++) {
            if (partitionOfReader.get(i) == partition) {
                copyReaders.get(i).awaitOffset(limit, end);
            }
        }
        tail.ifPresent(reader -> reader.awaitOffset(limit, partition, end));
    }

    /** The records of a partition as Kafka's consumer reads them from its beginning. */
    public List<RecordId> log(int partition) {
        List<RecordId> log = new ArrayList<>();
        KafkaClients.readAll(
                cluster.addresses(), name, partition, value -> log.add(RecordId.of(value)));
        return log;
    }

    private Map<String, Path> directories(int partition) {
        Map<String, Path> directories = new TreeMap<>();
        for (int node = 1; node <= cluster.size(); node++) {
            directories.put(
                    "node-" + node, cluster.node(node).dataDir().resolve(name + "-" + partition));
        }
        return directories;
    }

    @Override
    public void close() {
        writers.forEach(SteadyWriter::close);
        copyReaders.forEach(CopyReader::close);
        tail.ifPresent(KafkaTail::close);
    }
}
