package io.mlog.benchmarks;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** A load put on one broker, and what its client saw. */
sealed interface Workload {
    String name();

    /** Runs the load against {@code topic}, which exists. */
    Seen run(RunningBroker broker, String topic) throws IOException, InterruptedException;

    /** The topic it works on, shared by workloads that belong together. */
    String topic();

    /**
     * What the client measured.
     *
     * @param p99Ms 99th percentile of the latency, NaN where there is none
     */
    record Seen(double recordsPerSecond, double p99Ms) {}

    /** Kafka's own {@code ProducerPerformance}, in a process of its own. */
    record Produce(
            String name,
            Path java,
            Path toolJars,
            String topic,
            long records,
            int recordBytes,
            int throughput,
            List<String> properties)
            implements Workload {
        private static final Pattern SUMMARY =
                Pattern.compile(", ([0-9.]+) records/sec.* ([0-9.]+) ms 99th,");

        @Override
        public Seen run(RunningBroker broker, String topic)
                throws IOException, InterruptedException {
            List<String> command =
                    new ArrayList<>(
                            List.of(
                                    java.toString(),
                                    "-Xmx512m",
                                    "-cp",
                                    toolJars + "/*",
                                    "org.apache.kafka.tools.ProducerPerformance",
                                    "--topic=" + topic,
                                    "--num-records=" + records,
                                    "--record-size=" + recordBytes,
                                    "--throughput=" + throughput,
                                    "--producer-props",
                                    "bootstrap.servers=" + broker.address()));
            command.addAll(properties);
            Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
            String output =
                    new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            Matcher last = null;
            for (String line : output.lines().toList()) {
                Matcher matcher = SUMMARY.matcher(line);
                last = matcher.find() ? matcher : last;
            }
            if (process.waitFor() != 0 || last == null) {
                throw new IOException(String.join(" ", command) + " failed: " + output);
            }
            return new Seen(Double.parseDouble(last.group(1)), Double.parseDouble(last.group(2)));
        }
    }

    /** A Java consumer that reads the topic's only partition from the start; needs no group. */
    record Consume(String name, String topic, long records) implements Workload {
        @Override
        public Seen run(RunningBroker broker, String topic) throws IOException {
            Map<String, Object> settings =
                    Map.of(
                            "bootstrap.servers",
                            broker.address(),
                            "auto.offset.reset",
                            "earliest",
                            "key.deserializer",
                            ByteArrayDeserializer.class,
                            "value.deserializer",
                            ByteArrayDeserializer.class);
            try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(settings)) {
                consumer.assign(List.of(new TopicPartition(topic, 0)));
                consumer.seekToBeginning(consumer.assignment());
                long begun = System.nanoTime();
                long giveUp = begun + Duration.ofMinutes(3).toNanos();
                long read = 0;
                while (read < records) {
                    read += consumer.poll(Duration.ofMillis(500)).count();
                    if (System.nanoTime() > giveUp) {
                        throw new IOException("read only " + read + " of " + records + " records");
                    }
                }
                return new Seen(read / ((System.nanoTime() - begun) / 1e9), Double.NaN);
            }
        }
    }
}
