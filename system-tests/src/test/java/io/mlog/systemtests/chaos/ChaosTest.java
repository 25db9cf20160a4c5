package io.mlog.systemtests.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlog.systemtests.chaos.Schedule.Pace;
import io.mlog.systemtests.faults.FaultyCluster;
import io.mlog.systemtests.harness.Checkout;
import io.mlog.systemtests.harness.KafkaSink;
import io.mlog.systemtests.harness.MlogSink;
import io.mlog.systemtests.harness.ObservedTopic;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Three real brokers under load while everything goes wrong, one thing after the other, drawn from
 * a seed that is printed: {@code -Dmlog.chaos.seed=…} draws the same again. After a failure the
 * data and logs of the brokers stay in {@code system-tests/target/chaos}.
 */
class ChaosTest {
    private static final Duration BRIEFLY = Duration.ofSeconds(15);
    private static final Duration EVERY = Duration.ofMillis(4);
    private static final Duration LIMIT = Duration.ofSeconds(90);
    private static final String TOPIC = "chaos";
    private static final int PARTITIONS = 2;

    @Test
    @Timeout(240)
    void nothingIsLostDoubledOrTakenBack() throws Exception {
        run(Pace.BRIEF, BRIEFLY);
    }

    /** What {@code make chaos} runs. */
    @Test
    @Tag("slow")
    @Timeout(value = 48, unit = TimeUnit.HOURS)
    void nothingIsLostDoubledOrTakenBackForLong() throws Exception {
        run(Pace.THOROUGH, duration(System.getProperty("mlog.chaos.duration", "120s")));
    }

    private static void run(Pace pace, Duration duration) throws Exception {
        long seed = Long.getLong("mlog.chaos.seed", ThreadLocalRandom.current().nextInt());
        Path folder = Checkout.root().resolve("system-tests/target/chaos/" + seed);
        delete(folder);
        System.out.printf("chaos: seed %d, %s, for %s%n", seed, pace, duration);
        try (FaultyCluster cluster = FaultyCluster.in(folder, 3)) {
            cluster.logTo(folder);
            cluster.start();
            try (ObservedTopic topic =
                    ObservedTopic.create(cluster.processes(), TOPIC, PARTITIONS)) {
                topic.write(new KafkaSink(cluster.addresses(), TOPIC), EVERY);
                topic.write(new MlogSink(cluster.addresses(), TOPIC), EVERY);
                topic.readCopies();
                topic.tail();
                ChaosRun run = new ChaosRun(cluster, topic);
                run.run(new Schedule(seed, pace), duration);
                assertThat(topic.judge(LIMIT)).as("what seed %d did", seed).isEmpty();
                System.out.println("chaos: seed " + seed + ": " + run.summary());
            }
        }
        delete(folder);
    }

    /** A number with {@code s}, {@code m} or {@code h} behind it. */
    static Duration duration(String text) {
        long number = Long.parseLong(text.substring(0, text.length() - 1));
        return switch (text.charAt(text.length() - 1)) {
            case 's' -> Duration.ofSeconds(number);
            case 'm' -> Duration.ofMinutes(number);
            case 'h' -> Duration.ofHours(number);
            default ->
                    throw new IllegalArgumentException(
                            "a duration is a number and s, m or h, such as 90s, not " + text);
        };
    }

    private static void delete(Path folder) throws IOException {
        if (Files.exists(folder)) {
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }
}
