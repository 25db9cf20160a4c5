package io.mlog.client;

import static io.mlog.client.Await.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mlog.client.FakeBroker.Verdict;
import io.mlog.model.ErrorCode;
import io.mlog.model.HostPort;
import io.mlog.model.MlogException;
import io.mlog.model.TopicPartition;
import io.mlog.protocol.CommitOffset;
import io.mlog.protocol.CreateTopic;
import io.mlog.protocol.ErrorResponse;
import io.mlog.protocol.FetchBatch;
import io.mlog.protocol.FindTopicLeader;
import io.mlog.protocol.InitProducer;
import io.mlog.protocol.ListOffsets;
import io.mlog.protocol.ListTopics;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ClusterCallerTest {
    private static final ListTopics.Request LIST = new ListTopics.Request();
    private static final CreateTopic.Request CREATE =
            new CreateTopic.Request("new", OptionalInt.empty(), OptionalInt.empty(), Map.of());

    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration LITTLE = Duration.ofMillis(50);

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
    void repliesFindTheirRequestsInWhateverOrderTheyCome() {
        FakeBroker.Holder holder = new FakeBroker.Holder();
        broker.script(request -> new Verdict.Hold(holder));
        ConcurrentLinkedQueue<Integer> finished = new ConcurrentLinkedQueue<>();
        try (ClusterCaller caller = caller(config -> config)) {
            for (int i = 0; i < 50; i++) {
                int number = i;
                caller.any(new InitProducer.Request(), Repeat.ALWAYS, caller.requestDeadline())
                        .thenAccept(id -> finished.add(number));
            }
            await(() -> holder.size() == 50);
            holder.releaseInReverse();
            await(() -> finished.size() == 50);

            assertThat(finished.peek()).isEqualTo(49);
            assertThat(broker.acceptedConnections()).isEqualTo(1);
        }
    }

    @Test
    void aFetchThatWaitsDelaysNothingBehindIt() {
        FakeBroker.Holder holder = new FakeBroker.Holder();
        broker.script(request ->
                request instanceof FetchBatch.Request
                        ? new Verdict.Hold(holder)
                        : new Verdict.Serve());
        try (ClusterCaller caller = caller(config -> config)) {
            CompletableFuture<FetchBatch.Response> fetch =
                    caller.leader(
                            new TopicPartition("t", 0),
                            new FetchBatch.Request("t", 0, 0, 1, 1, 60_000, false),
                            caller.requestDeadline());
            await(() -> holder.size() == 1);

            assertThat(list(caller).topics()).hasSize(1);
            assertThat(fetch).isNotDone();
            holder.releaseInReverse();
            assertThat(fetch.join().entries()).isEmpty();
        }
    }

    @Test
    void aRequestThatMayBeRepeatedSurvivesLostConnections() {
        AtomicInteger attempts = new AtomicInteger();
        broker.script(request ->
                attempts.incrementAndGet() < 4 ? new Verdict.Drop() : new Verdict.Serve());
        try (ClusterCaller caller = caller(config -> config)) {
            assertThat(list(caller).topics()).hasSize(1);
        }
        assertThat(broker.acceptedConnections()).isEqualTo(4);
    }

    @Test
    void aChangeThatMayHaveBeenReceivedIsNotRepeated() {
        broker.script(request -> new Verdict.ServeAndDrop());
        try (ClusterCaller caller = caller(config -> config)) {
            assertThatThrownBy(() -> create(caller))
                    .isInstanceOfSatisfying(
                            MlogException.class,
                            e -> assertThat(e.code()).isEqualTo(ErrorCode.REQUEST_TIMED_OUT))
                    .hasMessageContaining("whether CreateTopic was done is not known");
        }
        assertThat(broker.received(CreateTopic.Request.class)).hasSize(1);
    }

    @Test
    void aChangeThatWasRefusedForNowIsRepeated() {
        AtomicInteger attempts = new AtomicInteger();
        broker.script(request ->
                attempts.incrementAndGet() < 3
                        ? FakeBroker.answer(ErrorCode.NOT_READY, "starting")
                        : new Verdict.Serve());
        try (ClusterCaller caller = caller(config -> config)) {
            assertThat(create(caller).topic()).isEqualTo("new");
        }
    }

    @Test
    void aRefusalIsPassedOnAsItIs() {
        try (ClusterCaller caller = caller(config -> config)) {
            create(caller);
            assertThatThrownBy(() -> create(caller))
                    .isInstanceOfSatisfying(
                            MlogException.class,
                            e -> assertThat(e.code()).isEqualTo(ErrorCode.TOPIC_ALREADY_EXISTS))
                    .hasMessage("new exists");
        }
    }

    @Test
    void aSilentNodeEndsInARefusalAtTheDeadline() {
        broker.script(request -> {
            clock.pass(TIMEOUT);
            return new Verdict.Ignore();
        });
        try (ClusterCaller caller =
                caller(clock, config -> config.patience(Duration.ofMillis(20)))) {
            assertThatThrownBy(() -> list(caller))
                    .hasMessageContaining("ListTopics did not succeed within 30000 ms")
                    .hasMessageContaining("did not answer");
        }
    }

    @Test
    void aReplyIsToldRatherThanThatTheLastAttemptHadNoTime() {
        AtomicInteger attempts = new AtomicInteger();
        broker.script(request -> {
            if (attempts.incrementAndGet() == 1) {
                clock.pass(TIMEOUT.minus(LITTLE));
                return FakeBroker.answer(ErrorCode.NOT_READY, "starting");
            }
            clock.pass(LITTLE);
            return new Verdict.Ignore();
        });
        try (ClusterCaller caller = caller(clock, config -> config)) {
            assertThatThrownBy(() -> list(caller))
                    .isInstanceOfSatisfying(
                            MlogException.class,
                            e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_READY))
                    .hasMessageContaining("did not succeed within 30000 ms: starting");
        }
    }

    @Test
    void anAbsentNodeIsNamedAtTheDeadline() throws IOException {
        broker.close();
        try (ClusterCaller caller =
                caller(clock, config -> config.notices(failing -> clock.pass(TIMEOUT)))) {
            CompletableFuture<ListTopics.Response> call = startList(caller);
            clock.pass(SECOND);
            assertThatThrownBy(() -> caller.await(call))
                    .hasMessageContaining("cannot connect to " + broker.address())
                    .hasMessageContaining("refused");
        }
    }

    @Test
    void theNextAddressIsAskedWhenOneIsDead() throws IOException {
        HostPort dead;
        try (ServerSocket socket = new ServerSocket(0)) {
            dead = new HostPort("127.0.0.1", socket.getLocalPort());
        }
        try (ClusterCaller caller =
                caller(config -> config.addresses(List.of(dead, broker.address())))) {
            assertThat(list(caller).topics()).hasSize(1);
        }
    }

    @Test
    void aSilentNodeStandsInTheWayOfNothingThatAnotherCanAnswer() throws IOException {
        TopicPartition partition = new TopicPartition("t", 0);
        broker.script(request -> new Verdict.Ignore());
        try (FakeBroker other = new FakeBroker(logs);
                ClusterCaller caller =
                        caller(config ->
                                config.addresses(List.of(broker.address(), other.address()))
                                        .patience(Duration.ofMillis(20)))) {
            assertThat(list(caller).topics()).hasSize(1);
            caller.await(
                    caller.onLoop(() -> {
                        caller.nodes().failed(other.address());
                        return CompletableFuture.completedFuture(true);
                    }));
            caller.await(
                    caller.leader(
                            partition,
                            new ListOffsets.Request("t", 0, new ListOffsets.At.Latest(), false),
                            caller.requestDeadline()));
            await(() ->
                    !broker.received(ListTopics.Request.class).isEmpty()
                            && !broker.received(FindTopicLeader.Request.class).isEmpty());
            assertThat(other.received(ListOffsets.Request.class)).hasSize(1);
        }
    }

    @Test
    void aChangeHasTheWholeTimeAtOneNode() throws IOException {
        FakeBroker.Holder holder = new FakeBroker.Holder();
        broker.script(request -> new Verdict.Hold(holder));
        try (FakeBroker other = new FakeBroker(logs);
                ClusterCaller caller =
                        caller(config ->
                                config.addresses(List.of(broker.address(), other.address()))
                                        .patience(Duration.ofMillis(1)))) {
            CompletableFuture<CreateTopic.Response> created =
                    caller.any(CREATE, Repeat.IF_NOT_SENT, caller.requestDeadline());
            await(() -> holder.size() == 1);
            long until = System.nanoTime() + 50_000_000;
            await(() -> System.nanoTime() > until);
            holder.releaseInReverse();

            assertThat(caller.await(created).topic()).isEqualTo("new");
            assertThat(other.received()).isEmpty();
        }
    }

    @Test
    void leadersThatPointAtEachOtherEndAtTheDeadline() throws IOException {
        AtomicInteger requests = new AtomicInteger();
        AtomicInteger waits = new AtomicInteger();
        try (FakeBroker other = new FakeBroker(logs);
                ClusterCaller caller =
                        new ClusterCaller(
                                "mlog-test",
                                config(config -> config),
                                clock,
                                waits::getAndIncrement)) {
            broker.script(request -> counted(requests, other.address()));
            other.script(request -> counted(requests, broker.address()));
            assertThatThrownBy(() -> list(caller))
                    .isInstanceOfSatisfying(
                            MlogException.class,
                            e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_LEADER));
        }
        assertThat(requests).hasValue(40);
        assertThat(waits).as("one behind each three redirects").hasValue(10);
    }

    private Verdict counted(AtomicInteger requests, HostPort leader) {
        if (requests.incrementAndGet() == 40) {
            clock.pass(TIMEOUT);
        }
        return notLeader(leader);
    }

    @Test
    void aLeaderThatRefusesAndBelievesInItselfIsLeftForAnotherNode() throws IOException {
        TopicPartition partition = new TopicPartition("t", 0);
        ListOffsets.Request request =
                new ListOffsets.Request("t", 0, new ListOffsets.At.Latest(), false);
        broker.script(asked ->
                asked instanceof ListOffsets.Request
                        ? notLeader(broker.address())
                        : new Verdict.Serve());
        try (FakeBroker other = new FakeBroker(logs);
                ClusterCaller caller =
                        caller(config ->
                                config.addresses(List.of(broker.address(), other.address())))) {
            caller.await(caller.leader(partition, request, caller.requestDeadline()));
            assertThat(other.received(ListOffsets.Request.class)).hasSize(1);
        }
    }

    @Test
    void aGroupsCoordinatorIsFollowedOnceAndRememberedUntilItRefuses() throws IOException {
        try (FakeBroker other = new FakeBroker(logs);
                ClusterCaller caller = caller(config -> config)) {
            broker.script(asked -> notCoordinator(other.address()));
            commit(caller, 1);
            commit(caller, 2);
            assertThat(broker.received(CommitOffset.Request.class)).hasSize(1);
            assertThat(other.received(CommitOffset.Request.class)).hasSize(2);

            broker.script(asked -> new Verdict.Serve());
            other.script(asked -> notCoordinator(broker.address()));
            commit(caller, 3);
            commit(caller, 4);
            assertThat(other.received(CommitOffset.Request.class)).hasSize(3);
            assertThat(logs.committed("g", new TopicPartition("t", 0))).hasValue(4);
        }
    }

    @Test
    void aNodeThatTakesItselfForTheCoordinatorAndRefusesIsLeftForAnother() throws IOException {
        broker.script(asked -> notCoordinator(broker.address()));
        try (FakeBroker other = new FakeBroker(logs);
                ClusterCaller caller =
                        caller(config ->
                                config.addresses(List.of(broker.address(), other.address())))) {
            commit(caller, 1);
            assertThat(other.received(CommitOffset.Request.class)).hasSize(1);
        }
    }

    private static void commit(ClusterCaller caller, long offset) {
        caller.await(
                caller.coordinator(
                        "g",
                        new CommitOffset.Request("t", 0, "g", offset),
                        caller.requestDeadline()));
    }

    private static Verdict notCoordinator(HostPort coordinator) {
        return new Verdict.Answer(ErrorResponse.notCoordinator("not here", coordinator));
    }

    @Test
    void anIdleConnectionIsClosedAndOpenedAgainWhenNeeded() {
        try (ClusterCaller caller = caller(config -> config.idleTimeout(Duration.ofMillis(50)))) {
            list(caller);
            await(() -> broker.openConnections() == 0);
            list(caller);
        }
        assertThat(broker.acceptedConnections()).isEqualTo(2);
    }

    @Test
    void aConnectionWithARequestOnItsWayIsNotIdle() {
        FakeBroker.Holder holder = new FakeBroker.Holder();
        broker.script(request -> new Verdict.Hold(holder));
        try (ClusterCaller caller = caller(config -> config.idleTimeout(Duration.ofMillis(5)))) {
            CompletableFuture<ListTopics.Response> waiting = startList(caller);
            await(() -> holder.size() == 1);
            long until = System.nanoTime() + 50_000_000;
            await(() -> System.nanoTime() > until);
            holder.releaseInReverse();
            assertThat(caller.await(waiting).topics()).hasSize(1);
        }
        assertThat(broker.acceptedConnections()).isEqualTo(1);
    }

    @Test
    void atTheBoundAnIdleConnectionMakesRoom() throws IOException {
        try (FakeBroker other = new FakeBroker(logs);
                ClusterCaller caller = caller(config -> config.maxConnections(1))) {
            list(caller);
            broker.script(request -> notLeader(other.address()));
            list(caller);

            assertThat(other.received()).hasSize(1);
            await(() -> broker.openConnections() == 0);
        }
    }

    @Test
    void aReplyThatIsNoFrameEndsTheConnectionOnly() throws Exception {
        try (ServerSocket server = new ServerSocket(0)) {
            Thread.ofVirtual()
                    .start(() -> {
                        try (Socket socket = server.accept()) {
                            socket.getOutputStream().write(new byte[] {0x7F, -1, -1, -1, '{'});
                            socket.getInputStream().readAllBytes();
                        } catch (IOException e) {
                            throw new IllegalStateException(e);
                        }
                    });
            HostPort strange = new HostPort("127.0.0.1", server.getLocalPort());
            try (ClusterCaller caller =
                    caller(config -> config.addresses(List.of(strange, broker.address())))) {
                assertThat(list(caller).topics()).hasSize(1);
            }
        }
    }

    @Test
    void closingEndsEveryCallThatWaits() {
        broker.script(request -> FakeBroker.answer(ErrorCode.NOT_READY, "starting"));
        ClusterCaller caller = caller(config -> config);
        CompletableFuture<ListTopics.Response> waiting = startList(caller);
        await(() -> !broker.received().isEmpty());
        caller.close();
        caller.close();

        assertThatThrownBy(waiting::join).hasMessageContaining("this client was closed");
        assertThatThrownBy(() -> list(caller)).hasMessage("this client was closed");
    }

    @Test
    void whatFailsForASecondAndIsTriedOnIsToldOnce() {
        broker.script(request -> FakeBroker.answer(ErrorCode.NOT_READY, "starting"));
        ConcurrentLinkedQueue<String> told = new ConcurrentLinkedQueue<>();
        try (ClusterCaller caller = caller(clock, config -> config.notices(told::add))) {
            CompletableFuture<ListTopics.Response> call = startList(caller);
            awaitThreeMoreRequests();
            assertThat(told).isEmpty();
            clock.pass(SECOND);
            await(() -> !told.isEmpty());
            awaitThreeMoreRequests();
            clock.pass(TIMEOUT);
            assertThatThrownBy(() -> caller.await(call)).hasMessageContaining("did not succeed");
        }
        assertThat(told)
                .containsExactly("ListTopics does not succeed, trying for 29000 ms more: starting");
    }

    private void awaitThreeMoreRequests() {
        int before = broker.received().size();
        await(() -> broker.received().size() >= before + 3);
    }

    private ClusterCaller caller(UnaryOperator<ConnectionConfig.Builder> changes) {
        return new ClusterCaller("mlog-test", config(changes));
    }

    private ClusterCaller caller(
            ManualClock clock, UnaryOperator<ConnectionConfig.Builder> changes) {
        return new ClusterCaller("mlog-test", config(changes), clock, new Random(1));
    }

    /** No node is left for another one because the machine is slow, unless a change says so. */
    private ConnectionConfig config(UnaryOperator<ConnectionConfig.Builder> changes) {
        return changes.apply(
                        ConnectionConfig.builder()
                                .addresses(List.of(broker.address()))
                                .requestTimeout(TIMEOUT)
                                .patience(TIMEOUT)
                                .backoff(Duration.ofMillis(1), Duration.ofMillis(10)))
                .build();
    }

    private static CompletableFuture<ListTopics.Response> startList(ClusterCaller caller) {
        return caller.any(LIST, Repeat.ALWAYS, caller.requestDeadline());
    }

    private static ListTopics.Response list(ClusterCaller caller) {
        return caller.await(startList(caller));
    }

    private static CreateTopic.Response create(ClusterCaller caller) {
        return caller.await(caller.any(CREATE, Repeat.IF_NOT_SENT, caller.requestDeadline()));
    }

    private static Verdict notLeader(HostPort leader) {
        return new Verdict.Answer(ErrorResponse.notLeader("not here", leader));
    }
}
