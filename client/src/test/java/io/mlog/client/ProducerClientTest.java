package io.mlog.client;

import static io.mlog.client.Await.await;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mlog.client.FakeBroker.Verdict;
import io.mlog.model.Acks;
import io.mlog.model.ErrorCode;
import io.mlog.model.KeyHash;
import io.mlog.model.MlogException;
import io.mlog.model.TopicPartition;
import io.mlog.protocol.ErrorResponse;
import io.mlog.protocol.FindTopicLeader;
import io.mlog.protocol.InitProducer;
import io.mlog.protocol.NewRecord;
import io.mlog.protocol.ProduceBatch;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProducerClientTest {
    private static final TopicPartition T0 = new TopicPartition("t", 0);

    private static final Duration DELIVERY_TIMEOUT = Duration.ofSeconds(60);

    private final ManualClock clock = new ManualClock();
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
    void recordsOfOneThreadAreStoredInOrderAndToldTheirOffsets() {
        try (ProducerClient producer = producer(config -> config)) {
            List<CompletableFuture<Acknowledged>> sent = send(producer, 5_000);

            for (int i = 0; i < 5_000; i++) {
                assertThat(sent.get(i).join()).isEqualTo(new Acknowledged(T0, i));
            }
        }
        assertThat(logs.values(T0)).isEqualTo(numbers(5_000));
        assertThat(broker.received(ProduceBatch.Request.class)).hasSizeLessThan(2_500);
    }

    @Test
    void aConnectionLostAfterTheAppendDoublesNothing() {
        AtomicInteger produced = new AtomicInteger();
        broker.script(request ->
                request instanceof ProduceBatch.Request && produced.incrementAndGet() % 3 == 1
                        ? new Verdict.ServeAndDrop()
                        : new Verdict.Serve());
        try (ProducerClient producer = producer(config -> config.maxBatchRecords(10))) {
            List<CompletableFuture<Acknowledged>> sent = send(producer, 300);
            producer.flush();

            for (int i = 0; i < 300; i++) {
                assertThat(sent.get(i).join().offset()).isEqualTo(i);
            }
        }
        assertThat(logs.values(T0)).isEqualTo(numbers(300));
        assertThat(broker.acceptedConnections()).isGreaterThan(5);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void whateverBreaksEachRecordIsStoredOnceAndInOrder(long seed) {
        Random random = new Random(seed);
        broker.script(request -> {
            synchronized (random) {
                return switch (random.nextInt(12)) {
                    case 0 -> new Verdict.Drop();
                    case 1 -> new Verdict.ServeAndDrop();
                    case 2 -> FakeBroker.answer(ErrorCode.DISK_FULL, "no space left here");
                    case 3 -> FakeBroker.answer(ErrorCode.NOT_LEADER, "not here");
                    default -> new Verdict.Serve();
                };
            }
        });
        try (ProducerClient producer = producer(config -> config.maxBatchRecords(7))) {
            List<CompletableFuture<Acknowledged>> sent = send(producer, 700);
            producer.flush();

            assertThat(sent).as("seed %d", seed).allMatch(each -> !each.isCompletedExceptionally());
        }
        assertThat(logs.values(T0)).as("seed %d", seed).isEqualTo(numbers(700));
    }

    @Test
    void notLeaderWithAnAddressIsFollowedThere() throws IOException {
        try (FakeBroker other = new FakeBroker(logs)) {
            broker.script(request ->
                    request instanceof ProduceBatch.Request
                            ? new Verdict.Answer(ErrorResponse.notLeader("there", other.address()))
                            : new Verdict.Serve());
            try (ProducerClient producer = producer(config -> config)) {
                assertThat(producer.send("t", NewRecord.of("x")).join().offset()).isZero();
            }
            assertThat(other.received(ProduceBatch.Request.class)).hasSize(1);
            assertThat(broker.received(FindTopicLeader.Request.class)).isEmpty();
        }
    }

    @Test
    void notLeaderWithoutAnAddressLeadsToALookUp() throws IOException {
        try (FakeBroker other = new FakeBroker(logs)) {
            broker.script(request -> {
                if (request instanceof ProduceBatch.Request) {
                    logs.leader(T0, Optional.of(other.address()));
                    return FakeBroker.answer(ErrorCode.NOT_LEADER, "somewhere else");
                }
                return new Verdict.Serve();
            });
            try (ProducerClient producer = producer(config -> config)) {
                assertThat(producer.send("t", NewRecord.of("x")).join().offset()).isZero();
            }
            assertThat(broker.received(FindTopicLeader.Request.class)).isNotEmpty();
            assertThat(other.received(ProduceBatch.Request.class)).hasSize(1);
        }
    }

    @Test
    void aNodeThatRefusesAndBelievesInItselfIsLeftForAnotherOne() throws IOException {
        broker.script(request ->
                request instanceof ProduceBatch.Request
                        ? new Verdict.Answer(ErrorResponse.notLeader("cut off", broker.address()))
                        : new Verdict.Serve());
        try (FakeBroker other = new FakeBroker(logs)) {
            ConnectionConfig connection =
                    connection().addresses(List.of(broker.address(), other.address())).build();
            try (ProducerClient producer = producer(config -> config.connection(connection))) {
                List<CompletableFuture<Acknowledged>> sent = send(producer, 100);
                producer.flush();
                assertThat(sent).allMatch(each -> !each.isCompletedExceptionally());
            }
        }
        assertThat(logs.values(T0)).isEqualTo(numbers(100));
    }

    @Test
    void aDeadNodeIsLeftForAnotherOneThatKnowsTheNewLeader() throws IOException {
        try (FakeBroker other = new FakeBroker(logs)) {
            ConnectionConfig connection =
                    connection().addresses(List.of(broker.address(), other.address())).build();
            try (ProducerClient producer = producer(config -> config.connection(connection))) {
                assertThat(producer.send("t", NewRecord.of("0")).join().offset()).isZero();
                broker.close();

                assertThat(producer.send("t", NewRecord.of("1")).join().offset()).isEqualTo(1);
            }
        }
        assertThat(logs.values(T0)).containsExactly("0", "1");
    }

    @Test
    void aBrokerThatComesBackIsFoundAgainAndNoticesTellOfIt() throws IOException {
        ConcurrentLinkedQueue<String> notices = new ConcurrentLinkedQueue<>();
        int port = broker.address().port();
        try (ProducerClient producer = producer(config -> config.notices(notices::add))) {
            producer.send("t", NewRecord.of("0")).join();
            broker.close();
            CompletableFuture<Acknowledged> late = producer.send("t", NewRecord.of("1"));
            await(() -> !notices.isEmpty());
            assertThat(late).isNotDone();
            broker = new FakeBroker(logs, port);

            assertThat(late.join().offset()).isEqualTo(1);
            producer.flush();
        }
        assertThat(notices.poll()).contains("t-0 cannot be written now, trying again");
        assertThat(notices).contains("t-0 takes records again");
    }

    @Test
    void aFullBufferHoldsTheSenderUntilThereIsRoom() throws Exception {
        FakeBroker.Holder holder = new FakeBroker.Holder();
        broker.script(request ->
                request instanceof ProduceBatch.Request
                        ? new Verdict.Hold(holder)
                        : new Verdict.Serve());
        try (ProducerClient producer = producer(config -> config.bufferBytes(1_010))) {
            send(producer, 10);
            CompletableFuture<Acknowledged> eleventh =
                    CompletableFuture.supplyAsync(
                                    () -> producer.send("t", NewRecord.of("10")),
                                    Thread::startVirtualThread)
                            .thenCompose(sent -> sent);
            await(() -> holder.size() > 0);
            assertThatThrownBy(() -> eleventh.get(50, TimeUnit.MILLISECONDS))
                    .isInstanceOf(java.util.concurrent.TimeoutException.class);
            broker.script(request -> new Verdict.Serve());
            holder.releaseInReverse();

            assertThat(eleventh.get(10, TimeUnit.SECONDS).offset()).isEqualTo(10);
        }
    }

    @Test
    void aBufferThatStaysFullEndsInARefusalWithTheValues() {
        broker.script(request ->
                request instanceof ProduceBatch.Request
                        ? new Verdict.Ignore()
                        : new Verdict.Serve());
        ProducerClient producer =
                producer(
                        clock, config -> config.bufferBytes(1_000).maxBlock(Duration.ofMillis(50)));
        try {
            assertThatThrownBy(() -> send(producer, 100))
                    .isInstanceOfSatisfying(
                            MlogException.class,
                            e -> assertThat(e.code()).isEqualTo(ErrorCode.REQUEST_TIMED_OUT))
                    .hasMessageContaining("buffer of 1000 bytes has been full for 50 ms");
            assertThatThrownBy(() -> producer.send("t", NewRecord.of("x".repeat(1_000))))
                    .isInstanceOfSatisfying(
                            MlogException.class,
                            e -> assertThat(e.code()).isEqualTo(ErrorCode.MESSAGE_TOO_LARGE));
        } finally {
            producer.close(Duration.ZERO);
        }
    }

    @Test
    void aRecordThatIsNotAcknowledgedInTimeFailsAndSaysThatItMayBeStored() {
        broker.script(request -> {
            if (request instanceof ProduceBatch.Request) {
                clock.pass(DELIVERY_TIMEOUT);
                return new Verdict.Ignore();
            }
            return new Verdict.Serve();
        });
        ConnectionConfig connection = connection().requestTimeout(Duration.ofMillis(50)).build();
        try (ProducerClient producer =
                producer(
                        clock,
                        config ->
                                config.connection(connection).deliveryTimeout(DELIVERY_TIMEOUT))) {
            assertThatThrownBy(() -> producer.send("t", NewRecord.of("x")).join())
                    .cause()
                    .isInstanceOfSatisfying(
                            MlogException.class,
                            e -> assertThat(e.code()).isEqualTo(ErrorCode.REQUEST_TIMED_OUT))
                    .hasMessageContaining("within 60000 ms, but may have been stored");
        }
    }

    @Test
    void theLastRefusalIsWhatARecordFailsWith() {
        broker.script(request -> {
            if (request instanceof ProduceBatch.Request) {
                clock.pass(DELIVERY_TIMEOUT);
                return FakeBroker.answer(ErrorCode.DISK_FULL, "12 bytes are free");
            }
            return new Verdict.Serve();
        });
        try (ProducerClient producer =
                producer(clock, config -> config.deliveryTimeout(DELIVERY_TIMEOUT))) {
            assertThatThrownBy(() -> producer.send("t", NewRecord.of("x")).join())
                    .cause()
                    .isInstanceOfSatisfying(
                            MlogException.class,
                            e -> assertThat(e.code()).isEqualTo(ErrorCode.DISK_FULL))
                    .hasMessageContaining("not acknowledged within 60000 ms: 12 bytes are free");
        }
    }

    @Test
    void aBatchRefusedForGoodFailsAloneAndTheOthersAreNumberedAnew() {
        broker.script(request ->
                request instanceof ProduceBatch.Request produce
                                && produce.records().contains(NewRecord.of("5"))
                        ? FakeBroker.answer(ErrorCode.MESSAGE_TOO_LARGE, "too large")
                        : new Verdict.Serve());
        try (ProducerClient producer = producer(config -> config.maxBatchRecords(1))) {
            List<CompletableFuture<Acknowledged>> sent = send(producer, 40);
            producer.flush();

            for (int i = 0; i < 40; i++) {
                assertThat(sent.get(i).isCompletedExceptionally()).as("%d", i).isEqualTo(i == 5);
            }
        }
        List<String> stored = new ArrayList<>(numbers(40));
        stored.remove("5");
        assertThat(logs.values(T0)).isEqualTo(stored);
        assertThat(broker.received(InitProducer.Request.class)).hasSize(2);
    }

    @Test
    void aKeyDecidesThePartitionAsInKafka() {
        logs.topic("keyed", 7);
        try (ProducerClient producer = producer(config -> config)) {
            for (int i = 0; i < 100; i++) {
                String key = "user-" + i;
                assertThat(
                                producer.send("keyed", NewRecord.of(key, "v"))
                                        .join()
                                        .partition()
                                        .partition())
                        .isEqualTo(KeyHash.partition(key.getBytes(UTF_8), 7));
            }
        }
    }

    @Test
    void recordsWithoutKeysFillABatchBeforeTheyMoveToTheNextPartition() {
        logs.topic("spread", 3);
        try (ProducerClient producer =
                producer(config -> config.maxBatchRecords(10).linger(Duration.ofSeconds(30)))) {
            List<CompletableFuture<Acknowledged>> sent = new ArrayList<>();
            for (int i = 0; i < 60; i++) {
                sent.add(producer.send("spread", NewRecord.of("v")));
            }
            for (int i = 0; i < 60; i += 10) {
                assertThat(sent.subList(i, i + 10))
                        .map(each -> each.join().partition())
                        .containsOnly(sent.get(i).join().partition());
            }
        }
        for (int i = 0; i < 3; i++) {
            assertThat(logs.values(new TopicPartition("spread", i))).hasSize(20);
        }
    }

    @Test
    void aLingeringBatchLeavesWhenItsTimeHasComeOrAtAFlush() {
        try (ProducerClient producer = producer(config -> config.linger(Duration.ofMillis(100)))) {
            assertThat(producer.send("t", NewRecord.of("0")).join().offset()).isZero();
        }
        try (ProducerClient producer = producer(config -> config.linger(Duration.ofHours(1)))) {
            CompletableFuture<Acknowledged> sent = producer.send("t", NewRecord.of("1"));
            producer.flush();
            assertThat(sent).isCompleted();
        }
    }

    @Test
    void acksNoneWaitsForNoReply() {
        try (ProducerClient producer = producer(config -> config.acks(Acks.NONE))) {
            assertThat(producer.send("t", NewRecord.of("x")).join().offset())
                    .isEqualTo(Acknowledged.UNKNOWN_OFFSET);
            send(producer, 100);
        }
        await(() -> recordsReceived() == 101);
        assertThat(broker.received(ProduceBatch.Request.class))
                .allMatch(request -> request.stamp().isEmpty());
        assertThat(broker.received(InitProducer.Request.class)).isEmpty();
    }

    @Test
    void anUnknownTopicIsCreatedAndAnImpossibleNameRefused() {
        try (ProducerClient producer = producer(config -> config)) {
            assertThat(producer.send("new", NewRecord.of("x")).join().partition())
                    .isEqualTo(new TopicPartition("new", 0));
            assertThatThrownBy(() -> producer.send("no such name", NewRecord.of("x")))
                    .isInstanceOf(MlogException.class)
                    .hasMessageContaining("index 2");
            assertThatThrownBy(() -> producer.send(new TopicPartition("t", 1), NewRecord.of("x")))
                    .hasMessage("t has partitions 0 to 0, not 1");
        }
    }

    @Test
    void closingFailsWhatIsLeftAndLeavesNoThreadBehind() {
        broker.script(request ->
                request instanceof ProduceBatch.Request
                        ? new Verdict.Ignore()
                        : new Verdict.Serve());
        ProducerClient producer = producer(config -> config);
        CompletableFuture<Acknowledged> sent = producer.send("t", NewRecord.of("x"));
        producer.close(Duration.ofMillis(50));
        producer.close();

        assertThatThrownBy(() -> sent.get(1, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class)
                .hasMessageContaining("closed");
        assertThatThrownBy(() -> producer.send("t", NewRecord.of("y")))
                .hasMessage("this producer was closed");
        assertThat(Thread.getAllStackTraces().keySet())
                .noneMatch(thread -> thread.getName().startsWith("mlog-producer"));
    }

    @Test
    void aBlockingCallOnTheClientsOwnThreadIsRefused() {
        FakeBroker.Holder holder = new FakeBroker.Holder();
        broker.script(request ->
                request instanceof ProduceBatch.Request
                        ? new Verdict.Hold(holder)
                        : new Verdict.Serve());
        try (ProducerClient producer = producer(config -> config)) {
            CompletableFuture<Void> inside =
                    producer.send("t", NewRecord.of("x")).thenAccept(where -> producer.flush());
            await(() -> holder.size() == 1);
            holder.releaseInReverse();

            assertThatThrownBy(inside::join)
                    .isInstanceOf(CompletionException.class)
                    .hasMessageContaining("would wait for itself");
        }
    }

    private long recordsReceived() {
        return broker.received(ProduceBatch.Request.class).stream()
                .mapToLong(request -> request.records().size())
                .sum();
    }

    private ProducerClient producer(UnaryOperator<ProducerConfig.Builder> changes) {
        return ProducerClient.connect(config(changes));
    }

    private ProducerClient producer(
            ManualClock clock, UnaryOperator<ProducerConfig.Builder> changes) {
        ProducerConfig config = config(changes);
        return new ProducerClient(
                config,
                new ClusterCaller("mlog-producer", config.connection(), clock, new Random(1)));
    }

    private ProducerConfig config(UnaryOperator<ProducerConfig.Builder> changes) {
        return changes.apply(ProducerConfig.builder().connection(connection().build())).build();
    }

    private ConnectionConfig.Builder connection() {
        return ConnectionConfig.builder()
                .addresses(List.of(broker.address()))
                .patience(Duration.ofSeconds(30))
                .backoff(Duration.ofMillis(1), Duration.ofMillis(20));
    }

    private static List<CompletableFuture<Acknowledged>> send(ProducerClient producer, int count) {
        return numbers(count).stream()
                .map(number -> producer.send("t", NewRecord.of(number)))
                .toList();
    }

    private static List<String> numbers(int count) {
        return IntStream.range(0, count).mapToObj(Integer::toString).toList();
    }
}
