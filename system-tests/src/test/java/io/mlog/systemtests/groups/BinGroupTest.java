package io.mlog.systemtests.groups;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.mlog.systemtests.harness.Await;
import io.mlog.systemtests.harness.BrokerProcess;
import io.mlog.systemtests.harness.Child;
import io.mlog.systemtests.harness.Commands;
import io.mlog.systemtests.harness.KafkaClients;
import io.mlog.systemtests.harness.Launch;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code bin/consumer --group} and {@code --id}, beside what Kafka's tools see of them. */
class BinGroupTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final int PARTITIONS = 4;
    private static final int RECORDS = 2000;

    @TempDir private Path folder;
    private BrokerProcess broker;

    @BeforeEach
    void startBroker() throws Exception {
        broker = BrokerProcess.in(folder.resolve("data"));
        broker.start();
    }

    @AfterEach
    void endBroker() {
        broker.close();
    }

    @Test
    @Timeout(180)
    void twoConsumersShareATopicAndGoOnWhereTheGroupIs() throws Exception {
        run("mlog", "topic", "create", "--topic", "t", "--partitions", "" + PARTITIONS);
        try (Child first = consumer();
                Child second = consumer()) {
            Await.until(
                    LIMIT,
                    "both to read",
                    () -> describe().split("t-[0-9],t-[0-9]", -1).length == 3);
            produce(0);
            Await.until(
                    LIMIT,
                    "every record to be printed",
                    () -> first.out().count() + second.out().count() == RECORDS);
            assertThat(first.out().count()).isPositive();
            assertThat(second.out().count()).isPositive();
            second.signal("TERM");
            second.awaitExit(LIMIT);
            produce(RECORDS);
            Await.until(
                    LIMIT,
                    "the one that is left to print the rest",
                    () -> first.out().count() + second.out().count() == 2 * RECORDS);
            first.signal("TERM");
            first.awaitExit(LIMIT);
        }
        assertThat(committedByKafka("g").values().stream().mapToLong(Long::longValue).sum())
                .isEqualTo(2 * RECORDS);
        Await.until(LIMIT, "the group to be empty", () -> describe().contains("Empty"));
        assertThat(describe()).contains(" joined", " left");
        assertThat(run("mlog", "group", "list")).contains("g ");
        run("mlog", "group", "delete", "--group", "g");
        assertThat(run("mlog", "group", "list")).contains("no groups");
    }

    @Test
    @Timeout(180)
    void anIdIsAGroupOfKafkaAndSurvivesAKill() throws Exception {
        run("mlog", "topic", "create", "--topic", "t", "--partitions", "" + PARTITIONS);
        produce(0);
        run("consumer", "connect", "--topic", "t", "--id", "me", "--max", "" + RECORDS);
        Map<TopicPartition, Long> committed = committedByKafka("me");
        assertThat(committed.values().stream().mapToLong(Long::longValue).sum()).isEqualTo(RECORDS);

        broker.kill9();
        broker.start();

        assertThat(committedByKafka("me")).isEqualTo(committed);
        produce(RECORDS);
        String next =
                run("consumer", "connect", "--topic", "t", "--id", "me", "--max", "" + RECORDS);
        assertThat(next.lines().mapToInt(Integer::parseInt).min()).hasValue(RECORDS);
    }

    private Child consumer() throws Exception {
        return Child.start(
                Launch.bin("consumer", "connect", "--topic", "t", "--group", "g")
                        .with("--addrs", broker.address()));
    }

    /** Empty while there is no such group. */
    private String describe() throws Exception {
        Launch describe =
                Launch.bin("mlog", "group", "describe", "--group", "g")
                        .with("--addrs", broker.address());
        return Commands.run(LIMIT, describe).out();
    }

    private void produce(int from) throws Exception {
        try (Child producer =
                Child.start(
                        Launch.bin("producer", "connect", "--topic", "t", "--key-separator", ":")
                                .with("--addrs", broker.address()))) {
            StringBuilder lines = new StringBuilder();
            IntStream.range(from, from + RECORDS)
                    .forEach(i -> lines.append(i).append(':').append(i).append('\n'));
            producer.stdin().write(lines.toString().getBytes(UTF_8));
            producer.stdin().close();
            assertThat(producer.awaitExit(LIMIT)).isZero();
        }
    }

    private String run(String bin, String... arguments) throws Exception {
        return Commands.run(LIMIT, Launch.bin(bin, arguments).with("--addrs", broker.address()))
                .ok()
                .out();
    }

    private Map<TopicPartition, Long> committedByKafka(String group) throws Exception {
        Map<TopicPartition, Long> committed =
                new TreeMap<>((a, b) -> Integer.compare(a.partition(), b.partition()));
        try (Admin admin = KafkaClients.admin(broker.address())) {
            admin.listConsumerGroupOffsets(group)
                    .partitionsToOffsetAndMetadata()
                    .get()
                    .forEach((partition, offset) -> committed.put(partition, offset.offset()));
        }
        return committed;
    }
}
