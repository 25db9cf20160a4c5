package io.mlog.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlog.model.ErrorCode;
import io.mlog.services.NewTopic;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.CreatePartitionsRequestData;
import org.apache.kafka.common.message.CreatePartitionsRequestData.CreatePartitionsAssignment;
import org.apache.kafka.common.message.CreatePartitionsResponseData;
import org.apache.kafka.common.message.CreatePartitionsResponseData.CreatePartitionsTopicResult;
import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableReplicaAssignment;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopic;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopicConfig;
import org.apache.kafka.common.message.CreateTopicsResponseData;
import org.apache.kafka.common.message.CreateTopicsResponseData.CreatableTopicConfigs;
import org.apache.kafka.common.message.CreateTopicsResponseData.CreatableTopicResult;
import org.apache.kafka.common.message.DeleteRecordsResponseData;
import org.apache.kafka.common.message.DeleteRecordsResponseData.DeleteRecordsPartitionResult;
import org.apache.kafka.common.message.DeleteTopicsRequestData;
import org.apache.kafka.common.message.DeleteTopicsRequestData.DeleteTopicState;
import org.apache.kafka.common.message.DeleteTopicsResponseData;
import org.apache.kafka.common.message.DeleteTopicsResponseData.DeletableTopicResult;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.protocol.types.RawTaggedField;
import org.junit.jupiter.api.Test;

final class TopicAdministrationTest {
    private final KafkaExchange kafka = new KafkaExchange();

    @Test
    void everyVersionCreatesATopicAsItWasAskedFor() {
        for (int version = 2; version <= 7; version++) {
            CreatableTopic topic = topic("t" + version, 3, 2);
            topic.configs().add(new CreatableTopicConfig().setName("retention.ms").setValue("5"));

            CreatableTopicResult told = create(version, Requests.createTopics(topic));

            assertThat(told.errorCode()).isZero();
            assertThat(told.errorMessage()).isNull();
            assertThat(kafka.topics.asked.getLast())
                    .isEqualTo(
                            new NewTopic(
                                    "t" + version, 3, 2, List.of(), Map.of("retention.ms", "5")));
            if (version >= 5) {
                assertThat(told.numPartitions()).isEqualTo(3);
                assertThat(told.replicationFactor()).isEqualTo((short) 2);
                assertThat(told.configs())
                        .extracting(CreatableTopicConfigs::name)
                        .containsExactly("retention.ms", "segment.bytes");
                assertThat(told.configs().getFirst().configSource()).isEqualTo((byte) 1);
            }
            Uuid id = TopicIds.uuid(kafka.topics.named("t" + version).id());
            assertThat(told.topicId()).isEqualTo(version >= 7 ? id : Uuid.ZERO_UUID);
        }
    }

    @Test
    void fieldsThatLaterVersionsMayAddAreSkipped() {
        CreatableTopic topic = topic("later", 3, 2);
        topic.configs().add(new CreatableTopicConfig().setName("retention.ms").setValue("5"));
        RawTaggedField field = new RawTaggedField(9, new byte[] {1, 2, 3});
        topic.unknownTaggedFields().add(field);
        topic.configs().iterator().next().unknownTaggedFields().add(field);
        CreateTopicsRequestData request = Requests.createTopics(topic);
        request.unknownTaggedFields().add(field);
        request.unknownTaggedFields().add(new RawTaggedField(10, new byte[0]));

        assertThat(create(7, request).errorCode()).isZero();
        assertThat(kafka.topics.asked.getLast())
                .isEqualTo(new NewTopic("later", 3, 2, List.of(), Map.of("retention.ms", "5")));
    }

    @Test
    void changesThatABrokerRefusesSinceItStopsAreSentOnToAnother() {
        kafka.topics.add("there", 1);
        kafka.topics.stopping = true;

        CreatableTopicResult created = create(7, Requests.createTopics(topic("new", 1, 1)));
        CreatePartitionsTopicResult grown =
                createPartitions(3, Requests.createPartitions("there", 2));
        DeletableTopicResult deleted = delete(new DeleteTopicState().setName("there"));

        assertThat(created.errorCode()).isEqualTo(Errors.NOT_CONTROLLER.code());
        assertThat(created.errorMessage()).isEqualTo("this node is stopping");
        assertThat(grown.errorCode()).isEqualTo(Errors.NOT_CONTROLLER.code());
        assertThat(deleted.errorCode()).isEqualTo(Errors.NOT_CONTROLLER.code());
    }

    @Test
    void aTopicIsOnlyCheckedWhenThatIsAllThatIsAsked() {
        CreateTopicsRequestData request = Requests.createTopics(topic("dry", 1, 1));

        CreatableTopicResult told = create(7, request.setValidateOnly(true));

        assertThat(told.errorCode()).isZero();
        assertThat(told.configs()).as("as it would be").hasSize(2);
        assertThat(kafka.topics.byName).isEmpty();
    }

    @Test
    void assignmentsByHandAreHandedOnInTheOrderOfPartitions() {
        CreatableTopic topic = topic("placed", -1, -1);
        assign(topic, 1, 8);
        assign(topic, 0, 7, 8);

        assertThat(create(7, Requests.createTopics(topic)).errorCode()).isZero();
        assertThat(kafka.topics.asked.getLast().assignments())
                .containsExactly(List.of(7, 8), List.of(8));
    }

    @Test
    void assignmentsThatContradictTheRequestAreRefused() {
        CreatableTopic both = topic("both", 2, -1);
        assign(both, 0, 7);
        CreatableTopic gap = topic("gap", -1, -1);
        assign(gap, 0, 7);
        assign(gap, 2, 7);

        CreatableTopicResult refusedBoth = create(7, Requests.createTopics(both));
        CreatableTopicResult refusedGap = create(7, Requests.createTopics(gap));

        assertThat(refusedBoth.errorCode()).isEqualTo(ErrorCode.INVALID_REQUEST.kafkaCode());
        assertThat(refusedGap.errorCode())
                .isEqualTo(ErrorCode.INVALID_REPLICA_ASSIGNMENT.kafkaCode());
        assertThat(refusedGap.errorMessage()).contains("[0, 2]", "0 to 1");
        assertThat(kafka.topics.byName).isEmpty();
    }

    @Test
    void aTopicThatIsAskedForTwiceIsCreatedNotOnce() {
        CreateTopicsRequestData request =
                Requests.createTopics(
                        topic("twice", 1, 1), topic("once", 1, 1), topic("twice", 2, 1));

        CreateTopicsResponseData told =
                kafka.ask(ApiKeys.CREATE_TOPICS, 7, request, new CreateTopicsResponseData());

        assertThat(told.topics().find("twice").errorCode())
                .isEqualTo(ErrorCode.INVALID_REQUEST.kafkaCode());
        assertThat(told.topics().find("once").errorCode()).isZero();
        assertThat(told.topics()).hasSize(2);
        assertThat(kafka.topics.byName).containsOnlyKeys("once");
    }

    @Test
    void refusalsCarryTheServicesCodeAndSentence() {
        kafka.topics.add("old", 1);

        CreatableTopicResult exists = create(7, Requests.createTopics(topic("old", 1, 1)));
        CreatableTopic nullConfig = topic("null", 1, 1);
        nullConfig.configs().add(new CreatableTopicConfig().setName("x").setValue(null));

        assertThat(exists.errorCode()).isEqualTo(ErrorCode.TOPIC_ALREADY_EXISTS.kafkaCode());
        assertThat(exists.errorMessage()).isEqualTo("topic old exists");
        assertThat(create(7, Requests.createTopics(nullConfig)).errorCode())
                .isEqualTo(ErrorCode.INVALID_CONFIG.kafkaCode());
    }

    @Test
    void oneRequestChangesOnlyABoundedNumberOfTopics() {
        KafkaExchange bounded =
                new KafkaExchange(new KafkaLimits(1 << 20, 100, 1, 1, 1 << 20, 1, 1));
        CreateTopicsRequestData request = Requests.createTopics(topic("a", 1, 1), topic("b", 1, 1));

        CreateTopicsResponseData told =
                bounded.ask(ApiKeys.CREATE_TOPICS, 7, request, new CreateTopicsResponseData());

        assertThat(told.topics().find("a").errorCode()).isZero();
        assertThat(told.topics().find("b").errorCode())
                .isEqualTo(ErrorCode.POLICY_VIOLATION.kafkaCode());
    }

    @Test
    void everyVersionDeletesByName() {
        for (int version = 1; version <= 6; version++) {
            kafka.topics.add("gone", 1);
            assertThat(delete(version, "gone").errorCode()).isZero();
            assertThat(kafka.topics.byName).isEmpty();

            DeletableTopicResult missing = delete(version, "gone");
            assertThat(missing.errorCode()).isEqualTo((short) 3);
            assertThat(missing.errorMessage())
                    .isEqualTo(version >= 5 ? "topic gone does not exist" : null);
        }
    }

    @Test
    void topicsAreDeletedByTheirIds() {
        Uuid id = TopicIds.uuid(kafka.topics.add("gone", 1).id());

        DeletableTopicResult deleted = delete(new DeleteTopicState().setTopicId(id));
        DeletableTopicResult missing = delete(new DeleteTopicState().setTopicId(id));
        DeletableTopicResult both = delete(new DeleteTopicState().setTopicId(id).setName("gone"));

        assertThat(deleted.errorCode()).isZero();
        assertThat(deleted.name()).isEqualTo("gone");
        assertThat(deleted.topicId()).isEqualTo(id);
        assertThat(kafka.topics.byName).isEmpty();
        assertThat(missing.errorCode()).isEqualTo(ErrorCode.UNKNOWN_TOPIC_ID.kafkaCode());
        assertThat(both.errorCode()).isEqualTo(ErrorCode.INVALID_REQUEST.kafkaCode());
    }

    @Test
    void everyVersionRaisesTheNumberOfPartitions() {
        kafka.topics.add("orders", 1);
        for (int version = 0; version <= 3; version++) {
            int total = version + 2;
            assertThat(
                            createPartitions(version, Requests.createPartitions("orders", total))
                                    .errorCode())
                    .isZero();
            assertThat(kafka.topics.named("orders").partitions()).hasSize(total);
        }
        CreatePartitionsTopicResult fewer =
                createPartitions(3, Requests.createPartitions("orders", 1));
        assertThat(fewer.errorCode()).isEqualTo(ErrorCode.INVALID_PARTITIONS.kafkaCode());
        assertThat(fewer.errorMessage()).contains("orders");
    }

    @Test
    void newPartitionsCannotBePlacedByHand() {
        kafka.topics.add("orders", 1);
        CreatePartitionsRequestData request = Requests.createPartitions("orders", 2);
        request.topics()
                .find("orders")
                .setAssignments(List.of(new CreatePartitionsAssignment().setBrokerIds(List.of(7))));

        assertThat(createPartitions(3, request).errorCode())
                .isEqualTo(ErrorCode.INVALID_REPLICA_ASSIGNMENT.kafkaCode());
    }

    @Test
    void everyVersionDeletesRecordsBeforeAnOffset() {
        kafka.topics.add("orders", 1);
        for (int version = 0; version <= 2; version++) {
            assertThat(deleteRecords(version, "orders", 9).lowWatermark()).isEqualTo(9);
            assertThat(deleteRecords(version, "orders", -1).lowWatermark()).isEqualTo(50);
            assertThat(deleteRecords(version, "orders", -2).errorCode())
                    .isEqualTo(ErrorCode.OFFSET_OUT_OF_RANGE.kafkaCode());
            DeleteRecordsPartitionResult unknown = deleteRecords(version, "nowhere", 1);
            assertThat(unknown.errorCode()).isEqualTo((short) 3);
            assertThat(unknown.lowWatermark()).isEqualTo(-1);
        }
    }

    private static CreatableTopic topic(String name, int partitions, int replicas) {
        return new CreatableTopic()
                .setName(name)
                .setNumPartitions(partitions)
                .setReplicationFactor((short) replicas);
    }

    private static void assign(CreatableTopic topic, int partition, Integer... brokers) {
        topic.assignments()
                .add(
                        new CreatableReplicaAssignment()
                                .setPartitionIndex(partition)
                                .setBrokerIds(List.of(brokers)));
    }

    private CreatableTopicResult create(int version, CreateTopicsRequestData request) {
        return kafka.ask(ApiKeys.CREATE_TOPICS, version, request, new CreateTopicsResponseData())
                .topics()
                .iterator()
                .next();
    }

    private DeletableTopicResult delete(int version, String name) {
        DeleteTopicsRequestData request =
                version >= 6
                        ? new DeleteTopicsRequestData()
                                .setTopics(List.of(new DeleteTopicState().setName(name)))
                        : new DeleteTopicsRequestData().setTopicNames(List.of(name));
        return kafka.ask(ApiKeys.DELETE_TOPICS, version, request, new DeleteTopicsResponseData())
                .responses()
                .find(name);
    }

    private DeletableTopicResult delete(DeleteTopicState topic) {
        DeleteTopicsRequestData request = new DeleteTopicsRequestData().setTopics(List.of(topic));
        return kafka.ask(ApiKeys.DELETE_TOPICS, 6, request, new DeleteTopicsResponseData())
                .responses()
                .iterator()
                .next();
    }

    private CreatePartitionsTopicResult createPartitions(
            int version, CreatePartitionsRequestData request) {
        return kafka.ask(
                        ApiKeys.CREATE_PARTITIONS,
                        version,
                        request,
                        new CreatePartitionsResponseData())
                .results()
                .getFirst();
    }

    private DeleteRecordsPartitionResult deleteRecords(int version, String topic, long offset) {
        return kafka.ask(
                        ApiKeys.DELETE_RECORDS,
                        version,
                        Requests.deleteRecords(topic, offset),
                        new DeleteRecordsResponseData())
                .topics()
                .find(topic)
                .partitions()
                .find(0);
    }
}
