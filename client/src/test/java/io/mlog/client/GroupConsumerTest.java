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
import io.mlog.protocol.ErrorResponse;
import io.mlog.protocol.GroupHeartbeat;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class GroupConsumerTest {
    private static final Duration SHORT = Duration.ofMillis(10);
    private static final long PATIENCE_NANOS = Duration.ofSeconds(20).toNanos();
    private static final List<TopicPartition> ALL =
            IntStream.range(0, 4).mapToObj(i -> new TopicPartition("t", i)).toList();

    private final ManualClock clock = new ManualClock();
    private final FakeLogs logs = new FakeLogs().topic("t", 4);
    private final FakeGroup group = new FakeGroup(ALL);
    private FakeBroker broker;

    @BeforeEach
    void start() throws IOException {
        broker = new FakeBroker(logs);
        broker.script(group::verdict);
    }

    @AfterEach
    void stop() throws IOException {
        broker.close();
    }

    @Test
    void aLonelyMemberReadsEveryPartitionAndCommitsUnderItsEpoch() {
        ALL.forEach(each -> logs.append(each, "a", "b"));
        try (ConsumerClient member = member(config -> config)) {
            assertThat(take(member, 8)).hasSize(8);
            member.commit();
        }
        assertThat(ALL).allSatisfy(each -> assertThat(logs.committed("g", each)).hasValue(2));
        assertThat(broker.received(CommitOffset.Request.class))
                .allSatisfy(commit -> assertThat(commit.member()).isPresent());
    }

    @Test
    void twoMembersShareThePartitionsAndWhatIsGivenUpIsCommittedFirst() {
        ALL.forEach(each -> logs.append(each, "a"));
        List<Set<TopicPartition>> revoked = new ArrayList<>();
        try (ConsumerClient first = member(config -> config, noting(revoked));
                ConsumerClient second = member(config -> config)) {
            take(first, 4);
            pollUntil(() -> sharedEvenly(), first, second);
            assertThat(revoked).containsExactly(Set.of(ALL.get(1), ALL.get(3)));
            assertThat(logs.committed("g", ALL.get(1))).hasValue(1);

            ALL.forEach(each -> logs.append(each, "b"));
            List<ConsumedRecord> firsts = take(first, 2);
            List<ConsumedRecord> seconds = take(second, 2);

            assertThat(firsts).extracting(ConsumedRecord::offset).containsOnly(1L);
            assertThat(seconds).extracting(ConsumedRecord::offset).containsOnly(1L);
            assertThat(first.positions().keySet())
                    .containsExactlyInAnyOrder(ALL.get(0), ALL.get(2));
            assertThat(second.positions().keySet())
                    .containsExactlyInAnyOrder(ALL.get(1), ALL.get(3));
        }
    }

    @Test
    void aTopicThatIsNotThereIsTold() {
        try (ConsumerClient member = member(config -> config.topic("nowhere"))) {
            assertThatThrownBy(() -> member.poll(SHORT))
                    .isInstanceOfSatisfying(
                            MlogException.class,
                            refusal ->
                                    assertThat(refusal.code())
                                            .isEqualTo(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION));
        }
        assertThat(group.size()).isZero();
    }

    @Test
    void whoClosesLeavesAndTheOtherReadsOn() {
        try (ConsumerClient first = member(clock, config -> config)) {
            ConsumerClient second = member(clock, config -> config);
            pollUntil(() -> sharedEvenly(), first, second);
            second.close();
            assertThat(group.size()).isEqualTo(1);
            pollUntil(() -> group.owned().equals(List.of(ALL)), first);
        }
        assertThat(group.size()).isZero();
    }

    @Test
    void whoWasForgottenIsToldAndJoinsAgain() {
        ALL.forEach(each -> logs.append(each, "a"));
        List<Set<TopicPartition>> lost = new ArrayList<>();
        RebalanceListener listener =
                new RebalanceListener() {
                    @Override
                    public void lost(Set<TopicPartition> partitions) {
                        lost.add(partitions);
                    }
                };
        try (ConsumerClient member = member(config -> config, listener)) {
            take(member, 4);
            group.forget();
            List<ConsumedRecord> again = take(member, 4);

            assertThat(lost).containsExactly(Set.copyOf(ALL));
            assertThat(again).extracting(ConsumedRecord::offset).containsOnly(0L);
        }
    }

    @Test
    void whoDoesNotPollForTooLongLeavesAndComesBackWithThePoll() {
        try (ConsumerClient member =
                member(clock, config -> config.maxPollInterval(Duration.ofSeconds(1)))) {
            pollUntil(() -> group.owned().equals(List.of(ALL)), member);
            clock.pass(Duration.ofSeconds(2));
            await(() -> group.size() == 0);
            pollUntil(() -> group.owned().equals(List.of(ALL)), member);
        }
    }

    @Test
    void aCommitUnderAnOldEpochIsMadeAgainUnderTheNewOne() {
        logs.append(ALL.getFirst(), "a");
        try (ConsumerClient member = member(config -> config)) {
            take(member, 1);
            broker.script(request ->
                    request instanceof CommitOffset.Request
                                    && broker.received(CommitOffset.Request.class).size() == 1
                            ? FakeBroker.answer(ErrorCode.STALE_MEMBER_EPOCH, "the group moved on")
                            : group.verdict(request));
            group.nextEpoch();
            member.commit();
        }
        assertThat(logs.committed("g", ALL.getFirst())).hasValue(1);
        assertThat(broker.received(CommitOffset.Request.class)).hasSizeGreaterThan(1);
    }

    @Test
    void theCoordinatorIsFollowedAndRemembered() throws IOException {
        ALL.forEach(each -> logs.append(each, "a"));
        try (FakeBroker other = new FakeBroker(logs)) {
            other.script(request ->
                    request instanceof GroupHeartbeat.Request
                            ? new Verdict.Answer(
                                    new ErrorResponse(
                                            ErrorCode.NOT_COORDINATOR,
                                            "the other one is",
                                            Optional.of(broker.address()),
                                            true))
                            : group.verdict(request));
            ConsumerConfig config =
                    ConsumerConfig.builder()
                            .connection(connection(other.address()))
                            .topic("t")
                            .group("g")
                            .build();
            try (ConsumerClient member = ConsumerClient.connect(config)) {
                take(member, 4);
                await(() -> broker.received(GroupHeartbeat.Request.class).size() > 5);
            }
            assertThat(other.received(GroupHeartbeat.Request.class)).hasSize(1);
        }
    }

    private boolean sharedEvenly() {
        return group.owned()
                .equals(List.of(List.of(ALL.get(0), ALL.get(2)), List.of(ALL.get(1), ALL.get(3))));
    }

    private ConsumerClient member(UnaryOperator<ConsumerConfig.Builder> change) {
        return member(change, RebalanceListener.NONE);
    }

    private ConsumerClient member(
            UnaryOperator<ConsumerConfig.Builder> change, RebalanceListener listener) {
        return ConsumerClient.connect(config(change), listener);
    }

    private ConsumerClient member(ManualClock clock, UnaryOperator<ConsumerConfig.Builder> change) {
        ConsumerConfig config = config(change);
        return new ConsumerClient(
                config,
                RebalanceListener.NONE,
                new ClusterCaller("mlog-consumer", config.connection(), clock, new Random(1)));
    }

    private ConsumerConfig config(UnaryOperator<ConsumerConfig.Builder> change) {
        ConsumerConfig.Builder config =
                ConsumerConfig.builder()
                        .connection(connection(broker.address()))
                        .topic("t")
                        .group("g");
        return change.apply(config).build();
    }

    private static ConnectionConfig connection(HostPort address) {
        return ConnectionConfig.builder()
                .addresses(List.of(address))
                .patience(Duration.ofSeconds(30))
                .build();
    }

    private static RebalanceListener noting(List<Set<TopicPartition>> revoked) {
        return new RebalanceListener() {
            @Override
            public void revoked(Set<TopicPartition> partitions) {
                revoked.add(partitions);
            }
        };
    }

    private static List<ConsumedRecord> take(ConsumerClient member, int count) {
        List<ConsumedRecord> records = new ArrayList<>();
        long end = System.nanoTime() + PATIENCE_NANOS;
        while (records.size() < count && System.nanoTime() < end) {
            records.addAll(member.poll(SHORT));
        }
        return records;
    }

    private static void pollUntil(BooleanSupplier reached, ConsumerClient... members) {
        await(() -> {
            for (ConsumerClient member : members) {
                member.poll(SHORT);
            }
            return reached.getAsBoolean();
        });
    }
}
