package io.mlog.groups.coordinator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.mlog.groups.OffsetsTopic;
import io.mlog.model.ErrorCode;
import io.mlog.model.MlogException;
import io.mlog.model.TopicId;
import io.mlog.model.TopicPartition;
import io.mlog.services.CommittedOffset;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestPartition;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestTopic;
import org.apache.kafka.common.message.OffsetCommitResponseData;
import org.apache.kafka.common.message.OffsetDeleteRequestData;
import org.apache.kafka.common.message.OffsetDeleteRequestData.OffsetDeleteRequestPartition;
import org.apache.kafka.common.message.OffsetDeleteRequestData.OffsetDeleteRequestTopic;
import org.apache.kafka.common.message.OffsetDeleteResponseData;
import org.apache.kafka.common.message.OffsetFetchRequestData;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestGroup;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestTopic;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestTopics;
import org.apache.kafka.common.message.OffsetFetchResponseData;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponseGroup;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Committed offsets: what is kept, what is refused, what is deleted with what. */
final class OffsetsTest {
    private final GroupsBroker broker = GroupsBroker.leading();

    @AfterEach
    void close() {
        broker.close();
    }

    @Test
    void committedOffsetsComeWithTheirTime() {
        GroupsBroker.await(broker.commit("g", "orders", 1, 5));
        long atMs = broker.time.milliseconds();
        broker.time.advance(1_000);
        GroupsBroker.await(broker.commit("g", "orders", 3, 8));
        assertThat(GroupsBroker.await(broker.groups.committed("g")))
                .isEqualTo(
                        Map.of(
                                new TopicPartition("orders", 1),
                                new CommittedOffset(5, atMs),
                                new TopicPartition("orders", 3),
                                new CommittedOffset(8, atMs + 1_000)));
        assertThat(GroupsBroker.await(broker.groups.committed("nobody"))).isEmpty();
    }

    @Test
    void commitForAPartitionThatDoesNotExistIsRefused() {
        assertThatThrownBy(() -> GroupsBroker.await(broker.commit("g", "orders", 4, 1)))
                .isInstanceOfSatisfying(
                        MlogException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION))
                .hasMessageContaining("commit of 1 for orders-4 by no member of group 'g'");
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 5, 9})
    void commitByNameTellsUnknownPartitionsApart(int version) {
        OffsetCommitResponseData answer =
                commit(version, topic("orders", 0, 9), topic("nothing", 0));
        assertThat(error(answer, "orders", 0)).isEqualTo(Errors.NONE);
        assertThat(error(answer, "orders", 9)).isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION);
        assertThat(error(answer, "nothing", 0)).isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION);
    }

    private static Errors error(OffsetCommitResponseData answer, String topic, int partition) {
        return answer.topics().stream()
                .filter(answered -> answered.name().equals(topic))
                .flatMap(answered -> answered.partitions().stream())
                .filter(answered -> answered.partitionIndex() == partition)
                .map(answered -> Errors.forCode(answered.errorCode()))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void commitByIdTellsUnknownTopicsApart() {
        Uuid known = uuid(broker.topic("payments", 1));
        Uuid unknown = new Uuid(1, 2);
        OffsetCommitResponseData answer =
                commit(10, topic("", 0).setTopicId(known), topic("", 0).setTopicId(unknown));
        assertThat(answer.topics())
                .extracting(
                        topic -> topic.topicId(),
                        topic -> Errors.forCode(topic.partitions().getFirst().errorCode()))
                .containsExactlyInAnyOrder(
                        tuple(known, Errors.NONE), tuple(unknown, Errors.UNKNOWN_TOPIC_ID));
        assertThat(broker.committed("g", "payments", 0)).isEqualTo(7);
    }

    private OffsetCommitResponseData commit(int version, OffsetCommitRequestTopic... topics) {
        return GroupsBroker.await(
                broker.ask(
                        ApiKeys.OFFSET_COMMIT,
                        version,
                        new OffsetCommitRequestData().setGroupId("g").setTopics(List.of(topics)),
                        new OffsetCommitResponseData()));
    }

    private static OffsetCommitRequestTopic topic(String name, int... partitions) {
        OffsetCommitRequestTopic topic = new OffsetCommitRequestTopic().setName(name);
        for (int partition : partitions) {
            topic.partitions()
                    .add(
                            new OffsetCommitRequestPartition()
                                    .setPartitionIndex(partition)
                                    .setCommittedOffset(7)
                                    .setCommittedMetadata(""));
        }
        return topic;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 5, 7})
    void fetchOfOneGroupTellsItsOffsets(int version) {
        GroupsBroker.await(broker.commit("g", "orders", 0, 5));
        OffsetFetchRequestData named =
                new OffsetFetchRequestData()
                        .setGroupId("g")
                        .setTopics(
                                List.of(
                                        new OffsetFetchRequestTopic()
                                                .setName("orders")
                                                .setPartitionIndexes(List.of(0))));
        assertThat(offsets(version, named)).containsExactly(5L);
        if (version > 1) {
            OffsetFetchRequestData all =
                    new OffsetFetchRequestData().setGroupId("g").setTopics(null);
            assertThat(offsets(version, all)).containsExactly(5L);
        }
    }

    private List<Long> offsets(int version, OffsetFetchRequestData request) {
        return GroupsBroker.await(
                        broker.ask(
                                ApiKeys.OFFSET_FETCH,
                                version,
                                request,
                                new OffsetFetchResponseData()))
                .topics()
                .stream()
                .flatMap(topic -> topic.partitions().stream())
                .map(partition -> partition.committedOffset())
                .toList();
    }

    @Test
    void fetchAnswersEachOfSeveralGroups() {
        GroupsBroker.await(broker.commit("g", "orders", 0, 5));
        GroupsBroker.await(broker.commit("h", "orders", 1, 6));
        int lost =
                IntStream.range(0, OffsetsTopic.PARTITIONS)
                        .filter(partition -> partition != OffsetsTopic.partitionFor("g"))
                        .filter(partition -> partition != OffsetsTopic.partitionFor("h"))
                        .findFirst()
                        .orElseThrow();
        broker.groups.stopLeading(lost, OptionalInt.of(2));
        List<OffsetFetchResponseGroup> groups =
                fetch(
                        9,
                        new OffsetFetchRequestGroup()
                                .setGroupId("g")
                                .setTopics(
                                        List.of(
                                                new OffsetFetchRequestTopics()
                                                        .setName("orders")
                                                        .setPartitionIndexes(List.of(0, 1)))),
                        new OffsetFetchRequestGroup().setGroupId("h").setTopics(null),
                        new OffsetFetchRequestGroup()
                                .setGroupId(GroupsBroker.groupOf(lost))
                                .setTopics(null));
        assertThat(groups.get(0).topics().getFirst().partitions())
                .extracting(partition -> partition.committedOffset())
                .containsExactly(5L, -1L);
        assertThat(groups.get(1).topics().getFirst().partitions())
                .extracting(partition -> partition.committedOffset())
                .containsExactly(6L);
        assertThat(groups.get(2).errorCode()).isEqualTo(Errors.NOT_COORDINATOR.code());
    }

    @Test
    void noTopicsAreNotAllTopics() {
        GroupsBroker.await(broker.commit("g", "orders", 0, 5));
        List<OffsetFetchResponseGroup> groups =
                fetch(
                        8,
                        new OffsetFetchRequestGroup().setGroupId("g").setTopics(List.of()),
                        new OffsetFetchRequestGroup().setGroupId("g").setTopics(null));
        assertThat(groups.get(0).topics()).isEmpty();
        assertThat(groups.get(1).topics()).hasSize(1);
    }

    @Test
    void fetchByIdTellsUnknownTopicsApart() {
        Uuid known = uuid(broker.topic("payments", 1));
        Uuid unknown = new Uuid(1, 2);
        GroupsBroker.await(broker.commit("g", "payments", 0, 5));
        OffsetFetchResponseGroup named =
                fetch(
                                10,
                                new OffsetFetchRequestGroup()
                                        .setGroupId("g")
                                        .setTopics(
                                                List.of(
                                                        new OffsetFetchRequestTopics()
                                                                .setTopicId(unknown)
                                                                .setPartitionIndexes(List.of(0)),
                                                        new OffsetFetchRequestTopics()
                                                                .setTopicId(known)
                                                                .setPartitionIndexes(List.of(0)))))
                        .getFirst();
        assertThat(named.topics())
                .extracting(
                        topic -> topic.topicId(),
                        topic -> Errors.forCode(topic.partitions().getFirst().errorCode()),
                        topic -> topic.partitions().getFirst().committedOffset())
                .containsExactlyInAnyOrder(
                        tuple(known, Errors.NONE, 5L),
                        tuple(unknown, Errors.UNKNOWN_TOPIC_ID, -1L));
        OffsetFetchResponseGroup all =
                fetch(10, new OffsetFetchRequestGroup().setGroupId("g").setTopics(null)).getFirst();
        assertThat(all.topics()).extracting(topic -> topic.topicId()).containsExactly(known);
    }

    @Test
    void stableOffsetsWaitForWhatIsBeingReplicated() {
        GroupsBroker.await(broker.commit("g", "orders", 0, 5));
        broker.logs.of("g").hold();
        var commit = broker.commit("g", "orders", 0, 6);
        OffsetFetchRequestData request =
                new OffsetFetchRequestData()
                        .setRequireStable(true)
                        .setGroups(
                                List.of(
                                        new OffsetFetchRequestGroup()
                                                .setGroupId("g")
                                                .setTopics(null)));
        var stable = broker.ask(ApiKeys.OFFSET_FETCH, 8, request, new OffsetFetchResponseData());
        assertThat(broker.committed("g", "orders", 0)).isEqualTo(5);
        assertThat(stable).isNotDone();
        assertThat(commit).isNotDone();
        broker.logs.of("g").commitAll();
        GroupsBroker.await(commit);
        assertThat(
                        GroupsBroker.await(stable)
                                .groups()
                                .getFirst()
                                .topics()
                                .getFirst()
                                .partitions()
                                .getFirst()
                                .committedOffset())
                .isEqualTo(6);
    }

    private List<OffsetFetchResponseGroup> fetch(int version, OffsetFetchRequestGroup... groups) {
        return GroupsBroker.await(
                        broker.ask(
                                ApiKeys.OFFSET_FETCH,
                                version,
                                new OffsetFetchRequestData().setGroups(List.of(groups)),
                                new OffsetFetchResponseData()))
                .groups();
    }

    @Test
    void offsetsAreDeletedByPartition() {
        GroupsBroker.await(broker.commit("g", "orders", 0, 5));
        GroupsBroker.await(broker.commit("g", "orders", 1, 6));
        OffsetDeleteRequestData request = new OffsetDeleteRequestData().setGroupId("g");
        OffsetDeleteRequestTopic orders = new OffsetDeleteRequestTopic().setName("orders");
        orders.partitions().add(new OffsetDeleteRequestPartition().setPartitionIndex(1));
        orders.partitions().add(new OffsetDeleteRequestPartition().setPartitionIndex(77));
        request.topics().add(orders);
        OffsetDeleteResponseData answer =
                GroupsBroker.await(
                        broker.ask(
                                ApiKeys.OFFSET_DELETE, 0, request, new OffsetDeleteResponseData()));
        assertThat(answer.topics().find("orders").partitions())
                .extracting(
                        partition -> partition.partitionIndex(),
                        partition -> Errors.forCode(partition.errorCode()))
                .containsExactly(
                        tuple(1, Errors.NONE), tuple(77, Errors.UNKNOWN_TOPIC_OR_PARTITION));
        assertThat(broker.committed("g", "orders", 0)).isEqualTo(5);
        assertThat(broker.committed("g", "orders", 1)).isEqualTo(-1);
    }

    @Test
    void offsetsGoWithTheirTopic() {
        broker.topic("payments", 1);
        GroupsBroker.await(broker.commit("g", "payments", 0, 5));
        broker.dropTopic("payments");
        while (broker.committed("g", "payments", 0) != -1) {
            LockSupport.parkNanos(1_000_000);
        }
        assertThat(GroupsBroker.await(broker.groups.committed("g"))).isEmpty();
    }

    /** The broker that would have deleted them led nothing just then. */
    @Test
    void topicCreatedAgainUnderAnOldNameHasNoOffsets() {
        broker.topic("payments", 1);
        GroupsBroker.await(broker.commit("g", "payments", 0, 5));
        broker.resign(2);
        TopicId again = TopicId.of(UUID.randomUUID());
        broker.topic("payments", again, 1);
        broker.lead(3);
        OffsetFetchResponseGroup named =
                fetch(
                                9,
                                new OffsetFetchRequestGroup()
                                        .setGroupId("g")
                                        .setTopics(
                                                List.of(
                                                        new OffsetFetchRequestTopics()
                                                                .setName("payments")
                                                                .setPartitionIndexes(List.of(0)))))
                        .getFirst();
        assertThat(named.topics().getFirst().partitions().getFirst().committedOffset())
                .isEqualTo(-1);
    }

    /** Kafka deletes them a week after the last member is gone. */
    @Test
    void offsetsOfAGroupWithoutMembersAreKept() {
        GroupsBroker.await(broker.commit("g", "orders", 0, 5));
        for (int day = 0; day < 400; day++) {
            broker.time.advance(86_400_000);
        }
        GroupsBroker.await(broker.commit("other-of-its-partition", "orders", 0, 5));
        assertThat(broker.committed("g", "orders", 0)).isEqualTo(5);
    }

    @Test
    void remarkOnAnOffsetHasALimit() {
        OffsetCommitRequestTopic topic = topic("orders", 0);
        topic.partitions().getFirst().setCommittedMetadata("x".repeat(4_097));
        assertThat(error(commit(9, topic), "orders", 0))
                .isEqualTo(Errors.OFFSET_METADATA_TOO_LARGE);
    }

    private static Uuid uuid(TopicId id) {
        return new Uuid(id.mostSignificantBits(), id.leastSignificantBits());
    }
}
