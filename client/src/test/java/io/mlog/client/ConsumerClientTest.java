package io.mlog.client;

import static io.mlog.client.Await.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mlog.client.FakeBroker.Verdict;
import io.mlog.model.ErrorCode;
import io.mlog.model.MlogException;
import io.mlog.model.TopicPartition;
import io.mlog.protocol.CommitOffset;
import io.mlog.protocol.FetchBatch;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConsumerClientTest {
    private static final TopicPartition T0 = new TopicPartition("t", 0);
    private static final Duration SOON = Duration.ofSeconds(20);

    private final FakeLogs logs = new FakeLogs().topic("t", 1);
    private FakeBroker broker;

    @BeforeEach
    void start() throws IOException {
        broker = new FakeBroker(logs);
    }

    @AfterEach
    void stop() throws IOException {
        broker.close();
    }

    @Test
    void everyRecordOfAPartitionComesOnceAndInOrder() {
        logs.append(T0, numbers(10_000));
        try (ConsumerClient consumer =
                consumer(config -> config.fetchMaxRecords(333).maxPollRecords(100))) {
            List<ConsumedRecord> records = take(consumer, 10_000);

            assertThat(values(records)).containsExactly(numbers(10_000));
            assertThat(records.get(77).offset()).isEqualTo(77);
            assertThat(records.get(77).timestampMs()).isEqualTo(1077);
            assertThat(consumer.positions()).containsEntry(T0, 10_000L);
        }
    }

    @Test
    void aPollReturnsNoMoreThanIsWanted() {
        logs.append(T0, numbers(100));
        try (ConsumerClient consumer = consumer(config -> config.maxPollRecords(30))) {
            assertThat(consumer.poll(SOON)).hasSize(30);
            assertThat(consumer.positions()).containsEntry(T0, 30L);
            assertThat(consumer.poll(SOON)).hasSize(30);
        }
    }

    @Test
    void allPartitionsAreReadEachInItsOrder() {
        logs.topic("wide", 5);
        for (int i = 0; i < 5; i++) {
            logs.append(new TopicPartition("wide", i), numbers(200));
        }
        try (ConsumerClient consumer =
                consumer(config -> config.topic("wide").fetchMaxRecords(17))) {
            List<ConsumedRecord> records = take(consumer, 1_000);
            for (int i = 0; i < 5; i++) {
                TopicPartition partition = new TopicPartition("wide", i);
                assertThat(
                                values(
                                        records.stream()
                                                .filter(r -> r.partition().equals(partition))
                                                .toList()))
                        .containsExactly(numbers(200));
            }
        }
        try (ConsumerClient consumer = consumer(config -> config.topic("wide").partitions(3))) {
            assertThat(take(consumer, 200)).allMatch(record -> record.partition().partition() == 3);
            assertThat(consumer.poll(Duration.ofMillis(1))).isEmpty();
        }
    }

    @Test
    void theNextConsumerOfAnIdGoesOnBehindTheCommit() {
        logs.append(T0, numbers(100));
        try (ConsumerClient consumer = consumer(config -> config.id("a").maxPollRecords(40))) {
            consumer.poll(SOON);
            consumer.commit();
            consumer.poll(SOON);
        }
        assertThat(logs.committed("a", T0)).hasValue(40);
        try (ConsumerClient consumer = consumer(config -> config.id("a"))) {
            assertThat(consumer.poll(SOON).getFirst().offset()).isEqualTo(40);
        }
        try (ConsumerClient consumer =
                consumer(config -> config.id("a").start(new StartAt.Beginning()))) {
            assertThat(consumer.poll(SOON).getFirst().offset()).isZero();
        }
        try (ConsumerClient consumer = consumer(config -> config.id("newcomer"))) {
            assertThat(consumer.poll(SOON).getFirst().offset()).isZero();
        }
    }

    @Test
    void whatDidNotMoveIsNotCommittedAgain() {
        logs.append(T0, numbers(10));
        try (ConsumerClient consumer = consumer(config -> config.id("a"))) {
            consumer.poll(SOON);
            consumer.commit();
            consumer.commit();
        }
        assertThat(broker.received(CommitOffset.Request.class)).hasSize(1);
    }

    @Test
    void aCommitOvertakesNoneBeforeIt() {
        logs.append(T0, numbers(10));
        FakeBroker.Holder holder = new FakeBroker.Holder();
        broker.script(request ->
                request instanceof CommitOffset.Request
                        ? new Verdict.Hold(holder)
                        : new Verdict.Serve());
        try (ConsumerClient consumer = consumer(config -> config.id("a").maxPollRecords(5))) {
            consumer.poll(SOON);
            CompletableFuture<Boolean> first = consumer.commitAsync();
            consumer.poll(SOON);
            CompletableFuture<Boolean> second = consumer.commitAsync();
            await(() -> holder.size() == 1);
            assertThat(second).isNotDone();
            holder.releaseInReverse();
            first.join();
            await(() -> holder.size() == 1);
            holder.releaseInReverse();
            second.join();
        }
        assertThat(logs.committed("a", T0)).hasValue(10);
    }

    @Test
    void itBeginsWhereItIsTold() {
        logs.append(T0, numbers(100));
        assertThat(firstOffset(new StartAt.Offset(42))).isEqualTo(42);
        assertThat(firstOffset(new StartAt.Time(1063))).isEqualTo(63);
        assertThat(firstOffset(new StartAt.Beginning())).isZero();
        for (StartAt atEnd : List.of(new StartAt.End(), new StartAt.Time(9_999))) {
            try (ConsumerClient consumer = consumer(config -> config.start(atEnd))) {
                assertThat(consumer.poll(Duration.ofMillis(20))).isEmpty();
                int next = logs.values(T0).size();
                logs.append(T0, "next");
                assertThat(consumer.poll(SOON).getFirst().offset()).isEqualTo(next);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void whateverBreaksEachRecordComesOnce(long seed) {
        logs.append(T0, numbers(3_000));
        Random random = new Random(seed);
        broker.script(request -> {
            synchronized (random) {
                return switch (random.nextInt(10)) {
                    case 0 -> new Verdict.Drop();
                    case 1 -> new Verdict.ServeAndDrop();
                    case 2 -> FakeBroker.answer(ErrorCode.NOT_READY, "starting");
                    default -> new Verdict.Serve();
                };
            }
        });
        try (ConsumerClient consumer = consumer(config -> config.fetchMaxRecords(50))) {
            assertThat(values(take(consumer, 3_000)))
                    .as("seed %d", seed)
                    .containsExactly(numbers(3_000));
        }
    }

    @Test
    void recordsDeletedBeforeTheyWereReadAreSkipped() {
        logs.append(T0, numbers(100));
        logs.deleteBefore(T0, 60);
        assertThat(firstOffset(new StartAt.Offset(10))).isEqualTo(60);
    }

    @Test
    void anOffsetBeyondTheEndIsTold() {
        logs.append(T0, "only");
        try (ConsumerClient consumer = consumer(config -> config.start(new StartAt.Offset(9)))) {
            for (int i = 0; i < 2; i++) {
                assertThatThrownBy(() -> consumer.poll(SOON))
                        .isInstanceOfSatisfying(
                                MlogException.class,
                                e -> assertThat(e.code()).isEqualTo(ErrorCode.OFFSET_OUT_OF_RANGE))
                        .hasMessage("offset 9 is not 0 to 1");
            }
        }
    }

    @Test
    void aCorruptPartitionIsToldAndTriedAgainAtTheNextPoll() {
        logs.append(T0, "good");
        broker.script(request ->
                request instanceof FetchBatch.Request
                        ? FakeBroker.answer(ErrorCode.CORRUPT_MESSAGE, "byte 17 is wrong")
                        : new Verdict.Serve());
        try (ConsumerClient consumer = consumer(config -> config)) {
            assertThatThrownBy(() -> consumer.poll(SOON)).hasMessage("byte 17 is wrong");
            broker.script(request -> new Verdict.Serve());
            List<ConsumedRecord> records = List.of();
            while (records.isEmpty()) {
                try {
                    records = consumer.poll(SOON);
                } catch (MlogException toldOnceMore) {
                    assertThat(toldOnceMore).hasMessage("byte 17 is wrong");
                }
            }
            assertThat(values(records)).containsExactly("good");
        }
    }

    @Test
    void aMissingTopicIsToldAndFoundOnceItIsThere() {
        try (ConsumerClient consumer = consumer(config -> config.topic("later"))) {
            assertThatThrownBy(() -> consumer.poll(SOON))
                    .isInstanceOfSatisfying(
                            MlogException.class,
                            e ->
                                    assertThat(e.code())
                                            .isEqualTo(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION));
            logs.topic("later", 1);
            logs.append(new TopicPartition("later", 0), "x");
            assertThat(values(consumer.poll(SOON))).containsExactly("x");
        }
        try (ConsumerClient consumer = consumer(config -> config.partitions(0, 7))) {
            assertThatThrownBy(() -> consumer.poll(SOON))
                    .hasMessage("t has partitions 0 to 0, not 7");
        }
    }

    @Test
    void aPartitionThatIsAddedIsReadFromItsBeginning() {
        logs.append(T0, "old");
        try (ConsumerClient consumer =
                consumer(config ->
                        config.start(new StartAt.End()).partitionRefresh(Duration.ofMillis(1)))) {
            consumer.poll(Duration.ofMillis(1));
            TopicPartition added = logs.addPartition("t");
            logs.append(added, "first");
            List<ConsumedRecord> records = take(consumer, 1);

            assertThat(records.getFirst().partition()).isEqualTo(added);
            assertThat(values(records)).containsExactly("first");
        }
    }

    @Test
    void readingAheadStopsAtTheBound() {
        logs.append(T0, numbers(1_000));
        try (ConsumerClient consumer = consumer(config -> config.fetchMaxRecords(10))) {
            consumer.poll(SOON);
            consumer.poll(SOON);
            consumer.poll(SOON);
            assertThat(broker.received(FetchBatch.Request.class)).hasSizeBetween(3, 5);
        }
        assertThat(broker.received(FetchBatch.Request.class)).hasSizeBetween(3, 5);
    }

    @Test
    void withFollowersTheFirstAddressWithAReplicaIsReadAndLeftWhenItDies() throws IOException {
        logs.append(T0, numbers(100));
        try (FakeBroker without = new FakeBroker(logs);
                FakeBroker follower = new FakeBroker(logs)) {
            without.script(request ->
                    request instanceof FetchBatch.Request
                            ? FakeBroker.answer(ErrorCode.NOT_LEADER, "no replica")
                            : new Verdict.Serve());
            logs.leader(T0, java.util.Optional.of(broker.address()));
            ConnectionConfig connection =
                    connection().addresses(List.of(without.address(), follower.address())).build();
            try (ConsumerClient consumer =
                    consumer(config ->
                            config.connection(connection)
                                    .allowFollower(true)
                                    .fetchMaxRecords(10))) {
                consumer.poll(SOON);
                assertThat(follower.received(FetchBatch.Request.class)).isNotEmpty();
                assertThat(broker.received(FetchBatch.Request.class)).isEmpty();
                follower.die();

                take(consumer, 90);
                assertThat(broker.received(FetchBatch.Request.class)).isNotEmpty();
            }
        }
    }

    @Test
    void wakeupEndsAPollAndCloseFromAnotherThreadToo() throws Exception {
        ConsumerClient consumer = consumer(config -> config);
        consumer.wakeup();
        assertThat(consumer.poll(SOON)).isEmpty();
        CompletableFuture<List<ConsumedRecord>> waiting =
                CompletableFuture.supplyAsync(
                        () -> consumer.poll(SOON), Thread::startVirtualThread);
        await(() -> !broker.received(FetchBatch.Request.class).isEmpty());
        consumer.close();

        assertThat(waiting.handle((records, failure) -> "ended").get(10, TimeUnit.SECONDS))
                .isEqualTo("ended");
        assertThatThrownBy(() -> consumer.poll(SOON)).hasMessage("this consumer was closed");
        assertThat(Thread.getAllStackTraces().keySet())
                .noneMatch(thread -> thread.getName().startsWith("mlog-consumer"));
    }

    @Test
    void withoutAnIdThereIsNothingToCommitOrToResume() {
        try (ConsumerClient consumer = consumer(config -> config)) {
            assertThatThrownBy(consumer::commit).isInstanceOf(IllegalStateException.class);
        }
        assertThatThrownBy(() -> consumer(config -> config.start(new StartAt.Committed())))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private long firstOffset(StartAt start) {
        try (ConsumerClient consumer = consumer(config -> config.start(start))) {
            return consumer.poll(SOON).getFirst().offset();
        }
    }

    private ConsumerClient consumer(UnaryOperator<ConsumerConfig.Builder> changes) {
        return ConsumerClient.connect(
                changes.apply(
                                ConsumerConfig.builder()
                                        .connection(connection().build())
                                        .topic("t")
                                        .maxWait(Duration.ofMillis(5)))
                        .build());
    }

    private ConnectionConfig.Builder connection() {
        return ConnectionConfig.builder()
                .addresses(List.of(broker.address()))
                .patience(Duration.ofSeconds(30))
                .backoff(Duration.ofMillis(1), Duration.ofMillis(20));
    }

    private static List<ConsumedRecord> take(ConsumerClient consumer, int count) {
        List<ConsumedRecord> all = new ArrayList<>();
        while (all.size() < count) {
            List<ConsumedRecord> records = consumer.poll(SOON);
            assertThat(records).as("after %d records", all.size()).isNotEmpty();
            all.addAll(records);
        }
        return all;
    }

    private static List<String> values(List<ConsumedRecord> records) {
        return records.stream().map(r -> Objects.requireNonNull(r.value()).utf8()).toList();
    }

    private static String[] numbers(int count) {
        return IntStream.range(0, count).mapToObj(Integer::toString).toArray(String[]::new);
    }
}
