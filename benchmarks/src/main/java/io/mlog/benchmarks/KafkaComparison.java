package io.mlog.benchmarks;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Compares mlog with Apache Kafka's own broker, by Kafka's own performance tools. In each round
 * every candidate starts on an empty directory, takes a warm-up and then each workload, one
 * candidate after the other, so that a drift of the machine meets all of them; the table has the
 * median round.
 *
 * <p>Arguments: the checkout, the folder of the broker's jars, the folder of the tools' jars, the
 * number of rounds, and a scale (1.0 for the full size).
 */
public final class KafkaComparison {
    private final Path java = Path.of(System.getProperty("java.home"), "bin", "java");
    private final Path toolJars;
    private final double scale;
    private final Map<String, Map<String, List<Measurement>>> measurements = new LinkedHashMap<>();

    private KafkaComparison(Path toolJars, double scale) {
        this.toolJars = toolJars;
        this.scale = scale;
    }

    /** One candidate's figures for one row; what does not apply is NaN. */
    record Measurement(double cpuSeconds, double value, double p99Ms) {}

    /** Runs the comparison and prints the table. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        Path checkout = Path.of(arguments[0]);
        Path brokerJars = Path.of(arguments[1]);
        int rounds = Integer.parseInt(arguments[3]);
        KafkaComparison comparison =
                new KafkaComparison(Path.of(arguments[2]), Double.parseDouble(arguments[4]));
        List<Candidate> candidates =
                List.of(
                        new Candidate.Kafka("kafka", comparison.java, brokerJars, List.of()),
                        new Candidate.Mlog("mlog os", checkout, "os"),
                        new Candidate.Mlog("mlog group", checkout, "group"));
        for (int round = 1; round <= rounds; round++) {
            for (Candidate candidate : candidates) {
                System.err.println("round " + round + " of " + rounds + ": " + candidate.name());
                comparison.measure(candidate);
            }
        }
        System.out.print(Table.of(comparison.measurements, candidates.getFirst().name()));
    }

    private void measure(Candidate candidate) throws IOException, InterruptedException {
        Path directory = Files.createTempDirectory("mlog-bench");
        try (RunningBroker broker = RunningBroker.start(candidate, directory)) {
            record(
                    "start to first answer, s",
                    candidate,
                    new Measurement(Double.NaN, broker.startSeconds(), Double.NaN));
            record(
                    "CPU of the start, s",
                    candidate,
                    new Measurement(broker.cpuSeconds(), Double.NaN, Double.NaN));
            record(
                    "RSS idle, MiB",
                    candidate,
                    new Measurement(Double.NaN, broker.rssMiB(), Double.NaN));
            broker.createTopic("warm-up");
            produce("warm-up", "warm-up", 300_000, 100, -1, "acks=1").run(broker, "warm-up");
            for (Workload workload : workloads()) {
                if (workload instanceof Workload.Produce) {
                    broker.createTopic(workload.topic());
                }
                double before = broker.cpuSeconds();
                Workload.Seen seen = workload.run(broker, workload.topic());
                record(
                        workload.name(),
                        candidate,
                        new Measurement(
                                broker.cpuSeconds() - before,
                                seen.recordsPerSecond(),
                                seen.p99Ms()));
            }
            record(
                    "RSS after load, MiB",
                    candidate,
                    new Measurement(Double.NaN, broker.rssMiB(), Double.NaN));
        } finally {
            delete(directory);
        }
    }

    private List<Workload> workloads() {
        List<Workload> all = new ArrayList<>();
        all.add(
                produce(
                        "3 M x 100 B, acks=1, 16 KB batches",
                        "small",
                        3_000_000,
                        100,
                        -1,
                        "acks=1",
                        "batch.size=16384",
                        "linger.ms=5"));
        all.add(
                produce(
                        "1 M x 1 KB, acks=all, 64 KB batches",
                        "large",
                        1_000_000,
                        1024,
                        -1,
                        "acks=all",
                        "batch.size=65536",
                        "linger.ms=5"));
        all.add(
                produce(
                        "200 k x 100 B unbatched, acks=1",
                        "single",
                        200_000,
                        100,
                        -1,
                        "acks=1",
                        "batch.size=0",
                        "linger.ms=0"));
        all.add(
                produce(
                        "1 KB at 2,000/s, acks=all",
                        "steady",
                        20_000,
                        1024,
                        2_000,
                        "acks=all",
                        "linger.ms=0"));
        all.add(new Workload.Consume("consume 1 M x 1 KB", "large", scaled(1_000_000)));
        return all;
    }

    private Workload produce(
            String name,
            String topic,
            long records,
            int bytes,
            int throughput,
            String... properties) {
        return new Workload.Produce(
                name,
                java,
                toolJars,
                topic,
                scaled(records),
                bytes,
                throughput,
                List.of(properties));
    }

    private long scaled(long records) {
        return Math.max(1, (long) (records * scale));
    }

    private void record(String row, Candidate candidate, Measurement measurement) {
        measurements
                .computeIfAbsent(row, name -> new LinkedHashMap<>())
                .computeIfAbsent(candidate.name(), name -> new ArrayList<>())
                .add(measurement);
    }

    private static void delete(Path directory) throws IOException {
        Files.walkFileTree(
                directory,
                new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                            throws IOException {
                        Files.deleteIfExists(file);
                        return FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult postVisitDirectory(
                            Path folder, @Nullable IOException failure) throws IOException {
                        Files.deleteIfExists(folder);
                        return FileVisitResult.CONTINUE;
                    }
                });
    }
}
