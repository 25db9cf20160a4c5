package io.mlog.benchmarks.failover;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Kills the leader of what a client writes with {@code kill -9}, again and again, and measures the
 * time until a record that is sent after the kill is acknowledged: three brokers of mlog, three of
 * Apache Kafka, one product after the other. Every third kill hits the node that leads the
 * metadata, too.
 *
 * <p>Arguments: the checkout, the folder of Kafka's jars, the number of kills.
 */
public final class FailoverComparison {
    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final String TOPIC = "failover";

    private final int kills;
    private final List<Long> leaderMs = new ArrayList<>();
    private final List<Long> metadataMs = new ArrayList<>();

    private FailoverComparison(int kills) {
        this.kills = kills;
    }

    /** Runs both and prints the table. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        Path checkout = Path.of(arguments[0]);
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        int kills = Integer.parseInt(arguments[2]);
        StringBuilder table =
                new StringBuilder(
                        "| killed | broker | kills | median ms | worst ms |\n|---|---|---|---|---|\n");
        for (Candidate candidate :
                List.of(
                        new Candidate.Mlog(checkout),
                        new Candidate.Kafka(java, Path.of(arguments[1])))) {
            FailoverComparison comparison = new FailoverComparison(kills);
            comparison.measure(candidate);
            line(table, "leader of the partition", candidate, comparison.leaderMs);
            line(table, "leader, also of the metadata", candidate, comparison.metadataMs);
        }
        System.out.print(table);
    }

    private void measure(Candidate candidate) throws IOException, InterruptedException {
        Path directory = Files.createTempDirectory("mlog-failover");
        try (Cluster cluster = Cluster.start(candidate, directory)) {
            cluster.createTopic(TOPIC);
            try (Load load = new Load(cluster.addresses(), TOPIC)) {
                for (int kill = 0; kill < kills; kill++) {
                    load.awaitProgress(LIMIT);
                    killOne(kill, cluster, load);
                }
                System.err.println(candidate.name() + ": " + load);
            }
        } finally {
            delete(directory);
        }
    }

    private void killOne(int kill, Cluster cluster, Load load)
            throws IOException, InterruptedException {
        int metadataLeader = cluster.metadataLeader();
        List<Integer> others =
                IntStream.rangeClosed(1, Cluster.NODES)
                        .filter(id -> id != metadataLeader)
                        .boxed()
                        .toList();
        boolean metadata = kill % 3 == 0;
        int victim = metadata ? metadataLeader : others.get(kill % others.size());
        int partition = cluster.ledBy(victim, TOPIC);
        long killedNanos = System.nanoTime();
        cluster.kill(victim);
        long ms = (load.nextAcknowledged(partition, LIMIT) - killedNanos) / 1_000_000;
        (metadata ? metadataMs : leaderMs).add(ms);
        System.err.printf(
                "kill %d: node %d%s: %d ms%n",
                kill + 1, victim, metadata ? ", leader of the metadata" : "", ms);
        cluster.startAgain(victim, TOPIC);
    }

    private static void line(
            StringBuilder table, String killed, Candidate candidate, List<Long> times) {
        List<Long> sorted = times.stream().sorted().toList();
        if (!sorted.isEmpty()) {
            table.append(
                    "| %s | %s | %d | %d | %d |%n"
                            .formatted(
                                    killed,
                                    candidate.name(),
                                    sorted.size(),
                                    sorted.get((sorted.size() - 1) / 2),
                                    sorted.getLast()));
        }
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
