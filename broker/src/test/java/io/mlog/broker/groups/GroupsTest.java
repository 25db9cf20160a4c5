package io.mlog.broker.groups;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlog.broker.partition.ManualTimer;
import io.mlog.groups.OffsetsTopic;
import io.mlog.model.ErrorCode;
import io.mlog.model.InternalTopics;
import io.mlog.model.MlogException;
import io.mlog.model.TopicPartition;
import io.mlog.services.CommittedOffset;
import io.mlog.services.GroupCaller;
import io.mlog.services.GroupCommit;
import io.mlog.services.GroupRequest;
import io.mlog.services.NewTopic;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class GroupsTest {
    private static final int SELF = 1;
    private static final int OTHER = 2;
    private static final NewTopic WANTED =
            new NewTopic(InternalTopics.CONSUMER_OFFSETS, 8, -1, List.of(), Map.of());
    private static final GroupCaller CALLER = new GroupCaller("test", "127.0.0.1");

    /** In partition 2. */
    private static final String MINE = "b";

    /** In partition 1. */
    private static final String OTHERS = "a";

    private final ManualTimer timer = new ManualTimer();
    private final FakeLogs logs = new FakeLogs();
    private final FakeCoordination coordination = new FakeCoordination();
    private final LocalCoordinator local =
            new LocalCoordinator(
                    logs,
                    given -> coordination,
                    Executors.newSingleThreadExecutor(),
                    bug -> {
                        throw new AssertionError(bug);
                    });
    private final Images images = new Images();
    private final FakeTopics topics = new FakeTopics(images);
    private final Groups groups =
            new Groups(SELF, topics, WANTED, local, request -> ByteBuffer.allocate(0), timer);

    @AfterEach
    void close() {
        local.close();
    }

    /** Another broker leads them all. */
    private void elsewhere() {
        images.offsets(1, leaders(OTHER));
    }

    private static Integer[] leaders(int leader) {
        Integer[] leaders = new Integer[8];
        Arrays.fill(leaders, leader);
        return leaders;
    }

    /** This broker leads one partition, another one the others. */
    private void one() {
        Integer[] leaders = leaders(OTHER);
        leaders[2] = SELF;
        images.offsets(1, leaders);
        logs.leads(2, 1);
        topics.publish();
        local.acted(topics.metadata());
        assertThat(local.running().join()).isPresent();
    }

    @Test
    void groupsArePlacedAsKafkaDoes() {
        assertThat(OffsetsTopic.partitionFor(MINE)).isEqualTo(2);
        assertThat(OffsetsTopic.partitionFor(OTHERS)).isEqualTo(1);
        assertThat("readers-4".hashCode()).isEqualTo(-1107951177);
        assertThat(OffsetsTopic.partitionFor("readers-4")).isEqualTo(1);
        assertThat("polygenelubricants".hashCode()).isEqualTo(Integer.MIN_VALUE);
        assertThat(OffsetsTopic.partitionFor("polygenelubricants")).isZero();
    }

    @Test
    void theFirstQuestionCreatesTheTopicAndOnlyOnceHoweverManyAsk() {
        CompletableFuture<Integer> first = groups.coordinatorOf(OTHERS);
        CompletableFuture<Integer> second = groups.coordinatorOf(MINE);
        assertThat(topics.asked).containsExactly(WANTED);

        elsewhere();
        topics.created();

        assertThat(first.join()).isEqualTo(OTHER);
        assertThat(second.join()).isEqualTo(OTHER);
        groups.coordinatorOf(OTHERS).join();
        assertThat(topics.asked).hasSize(1);
    }

    @Test
    void whoCreatesItLaterThanAnotherBrokerUsesThatTopic() {
        CompletableFuture<Integer> asked = groups.coordinatorOf(OTHERS);
        elsewhere();

        topics.refused(ErrorCode.TOPIC_ALREADY_EXISTS);

        assertThat(asked.join()).isEqualTo(OTHER);
    }

    @Test
    void aCreationThatMayWorkLaterIsToldAsKafkaClientsUnderstandIt() {
        CompletableFuture<Integer> asked = groups.coordinatorOf(OTHERS);
        topics.refused(ErrorCode.REQUEST_TIMED_OUT);
        assertThat(refusal(asked).code()).isEqualTo(ErrorCode.COORDINATOR_NOT_AVAILABLE);
        assertThat(refusal(asked).reason()).contains("cannot be created yet", "as the test wants");

        CompletableFuture<Integer> again = groups.coordinatorOf(OTHERS);
        topics.refused(ErrorCode.POLICY_VIOLATION);
        assertThat(refusal(again).code()).isEqualTo(ErrorCode.POLICY_VIOLATION);
        assertThat(topics.asked).hasSize(2);
    }

    @Test
    void aPartitionWithoutALeaderHasNoCoordinator() {
        Integer[] leaders = leaders(OTHER);
        leaders[1] = -1;
        images.offsets(1, leaders);
        topics.publish();

        assertThat(refusal(groups.coordinatorOf(OTHERS)).code())
                .isEqualTo(ErrorCode.COORDINATOR_NOT_AVAILABLE);
        assertThat(groups.coordinatorOf(MINE).join()).isEqualTo(OTHER);
    }

    @Test
    void aBrokerThatNeverLedAnswersWithoutStartingAnything() {
        elsewhere();
        topics.publish();

        assertThat(groups.handle(request()).join().remaining()).isZero();
        assertThat(groups.list().join()).isEmpty();
        assertThat(coordination.told).isEmpty();
    }

    @Test
    void whereNoGroupWasEverUsedQuestionsAboutThemChangeNothing() {
        assertThat(groups.describe(MINE).join()).isEmpty();
        assertThat(groups.journal(MINE).join()).isEmpty();
        assertThat(refusal(groups.delete(MINE)).code()).isEqualTo(ErrorCode.GROUP_ID_NOT_FOUND);
        assertThat(topics.asked).isEmpty();
    }

    @Test
    void whatIsThisBrokersIsAnsweredHere() {
        one();
        TopicPartition partition = new TopicPartition("orders", 3);

        groups.commit(commit(MINE, partition, 12)).join();

        assertThat(groups.committed(MINE).join())
                .containsExactly(Map.entry(partition, new CommittedOffset(12, 1)));
        assertThat(groups.handle(request()).join().remaining()).isEqualTo(1);
        assertThat(groups.list().join()).hasSize(1);
        assertThat(groups.describe(MINE).join()).isPresent();
        assertThat(groups.journal(MINE).join()).hasSize(1);
    }

    @Test
    void whoAsksWhileTheCoordinatorBeginsIsAnsweredWhenItHas() {
        one();
        coordination.refuse(ErrorCode.COORDINATOR_LOAD_IN_PROGRESS);
        CompletableFuture<Map<TopicPartition, CommittedOffset>> asked = groups.committed(MINE);
        timer.pass(100);
        coordination.refuse(ErrorCode.NOT_COORDINATOR);
        timer.pass(100);
        assertThat(asked).isNotDone();

        coordination.refuse(ErrorCode.NONE);
        timer.pass(100);

        assertThat(asked.join()).isEmpty();
        assertThat(timer.waiting()).isZero();
    }

    @Test
    void theWaitForACoordinatorEndsWithTheRefusal() {
        one();
        coordination.refuse(ErrorCode.COORDINATOR_LOAD_IN_PROGRESS);
        CompletableFuture<Map<TopicPartition, CommittedOffset>> asked = groups.committed(MINE);

        timer.pass(6_000);

        assertThat(refusal(asked).code()).isEqualTo(ErrorCode.COORDINATOR_LOAD_IN_PROGRESS);
        assertThat(timer.waiting()).isZero();
    }

    @Test
    void anyOtherRefusalIsToldAtOnce() {
        one();
        coordination.refuse(ErrorCode.UNKNOWN_MEMBER_ID);

        assertThat(refusal(groups.committed(MINE)).code()).isEqualTo(ErrorCode.UNKNOWN_MEMBER_ID);
        assertThat(timer.waiting()).isZero();
    }

    @Test
    void whatIsAnothersIsRefusedByName() {
        one();
        TopicPartition partition = new TopicPartition("orders", 3);

        for (CompletableFuture<?> refused :
                List.of(
                        groups.commit(commit(OTHERS, partition, 1)),
                        groups.committed(OTHERS),
                        groups.describe(OTHERS),
                        groups.delete(OTHERS),
                        groups.journal(OTHERS))) {
            assertThat(refusal(refused).code()).isEqualTo(ErrorCode.NOT_COORDINATOR);
            assertThat(refusal(refused).reason()).contains("'" + OTHERS + "'", "broker 2");
        }
        assertThat(groups.committed(MINE).join()).isEmpty();
    }

    @Test
    void aClosedCoordinatorSendsEverybodyElsewhere() {
        one();
        local.close();

        assertThat(groups.handle(request()).join().remaining()).isZero();
        assertThat(refusal(groups.committed(MINE)).code()).isEqualTo(ErrorCode.NOT_COORDINATOR);
    }

    private static GroupCommit commit(String group, TopicPartition partition, long offset) {
        return new GroupCommit(group, Optional.empty(), Map.of(partition, offset), CALLER);
    }

    private static GroupRequest request() {
        return new GroupRequest((short) 16, (short) 5, ByteBuffer.allocate(0), CALLER);
    }

    private static MlogException refusal(CompletableFuture<?> result) {
        try {
            throw new AssertionError("a result where a refusal is due: " + result.join());
        } catch (CompletionException failure) {
            if (failure.getCause() instanceof MlogException refusal) {
                return refusal;
            }
            throw failure;
        }
    }
}
