package io.mlog.kafka;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.message.AlterConfigsRequestData;
import org.apache.kafka.common.message.AlterPartitionReassignmentsRequestData;
import org.apache.kafka.common.message.AlterPartitionReassignmentsRequestData.ReassignablePartition;
import org.apache.kafka.common.message.AlterPartitionReassignmentsRequestData.ReassignableTopic;
import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.apache.kafka.common.message.CreatePartitionsRequestData;
import org.apache.kafka.common.message.CreatePartitionsRequestData.CreatePartitionsTopic;
import org.apache.kafka.common.message.CreatePartitionsRequestData.CreatePartitionsTopicCollection;
import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableReplicaAssignment;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableReplicaAssignmentCollection;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopic;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopicCollection;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopicConfig;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopicConfigCollection;
import org.apache.kafka.common.message.DeleteRecordsRequestData;
import org.apache.kafka.common.message.DeleteRecordsRequestData.DeleteRecordsPartition;
import org.apache.kafka.common.message.DeleteRecordsRequestData.DeleteRecordsTopic;
import org.apache.kafka.common.message.DeleteTopicsRequestData;
import org.apache.kafka.common.message.DeleteTopicsRequestData.DeleteTopicState;
import org.apache.kafka.common.message.DescribeClusterRequestData;
import org.apache.kafka.common.message.DescribeConfigsRequestData;
import org.apache.kafka.common.message.DescribeConfigsRequestData.DescribeConfigsResource;
import org.apache.kafka.common.message.DescribeLogDirsRequestData;
import org.apache.kafka.common.message.DescribeProducersRequestData;
import org.apache.kafka.common.message.DescribeTopicPartitionsRequestData;
import org.apache.kafka.common.message.ElectLeadersRequestData;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.message.FetchRequestData.FetchTopic;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData;
import org.apache.kafka.common.message.InitProducerIdRequestData;
import org.apache.kafka.common.message.ListConfigResourcesRequestData;
import org.apache.kafka.common.message.ListOffsetsRequestData;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsPartition;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsTopic;
import org.apache.kafka.common.message.ListPartitionReassignmentsRequestData;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.MetadataRequestData.MetadataRequestTopic;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceRequestData.PartitionProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceDataCollection;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.jspecify.annotations.Nullable;

/** Requests as clients send them, one of each API with something in every list. */
final class Requests {
    private Requests() {}

    /** A whole frame of any API and version that Kafka's classes can write. */
    static ByteBuffer sample(ApiKeys key, int version) {
        return KafkaExchange.frame(key, version, sampleBody(key, version));
    }

    private static ApiMessage sampleBody(ApiKeys key, int version) {
        return switch (key) {
            case PRODUCE -> produce(version, -1, "orders", Uuid.ZERO_UUID, batch("one", "two"));
            case FETCH -> fetch(version, "orders", Uuid.ZERO_UUID, 0);
            case LIST_OFFSETS -> listOffsets("orders", -1);
            case METADATA -> metadata("orders", "payments");
            case API_VERSIONS ->
                    new ApiVersionsRequestData()
                            .setClientSoftwareName("a-test")
                            .setClientSoftwareVersion("1.0");
            case CREATE_TOPICS -> createTopics();
            case DELETE_TOPICS ->
                    version >= 6
                            ? new DeleteTopicsRequestData()
                                    .setTopics(List.of(new DeleteTopicState().setName("orders")))
                            : new DeleteTopicsRequestData().setTopicNames(List.of("orders"));
            case DELETE_RECORDS -> deleteRecords("orders", 3);
            case INIT_PRODUCER_ID ->
                    new InitProducerIdRequestData()
                            .setTransactionalId(null)
                            .setTransactionTimeoutMs(1000);
            case DESCRIBE_CONFIGS ->
                    new DescribeConfigsRequestData()
                            .setResources(
                                    List.of(
                                            new DescribeConfigsResource()
                                                    .setResourceType(ConfigResource.TOPIC)
                                                    .setResourceName("orders")
                                                    .setConfigurationKeys(
                                                            List.of("retention.ms"))));
            case ALTER_CONFIGS -> alterConfigs("orders", "retention.ms", "5");
            case INCREMENTAL_ALTER_CONFIGS -> incremental("orders", "retention.ms", 0, "5");
            case CREATE_PARTITIONS -> createPartitions("orders", 4);
            case DESCRIBE_CLUSTER -> new DescribeClusterRequestData();
            case DESCRIBE_TOPIC_PARTITIONS ->
                    new DescribeTopicPartitionsRequestData()
                            .setTopics(
                                    List.of(
                                            new DescribeTopicPartitionsRequestData.TopicRequest()
                                                    .setName("orders")));
            case ELECT_LEADERS -> electLeaders("orders", 0);
            case ALTER_PARTITION_REASSIGNMENTS -> reassign("orders", 0, List.of(7, 8));
            case LIST_PARTITION_REASSIGNMENTS -> new ListPartitionReassignmentsRequestData();
            case OFFSET_FOR_LEADER_EPOCH -> endOfEpoch("orders", 0, 3, 2);
            case DESCRIBE_LOG_DIRS -> logDirs("orders", 0);
            case DESCRIBE_PRODUCERS -> producers("orders", 0);
            case LIST_CONFIG_RESOURCES ->
                    version == 0
                            ? new ListConfigResourcesRequestData()
                            : new ListConfigResourcesRequestData()
                                    .setResourceTypes(List.of(ConfigResource.TOPIC));
            default -> GroupRequests.sample(key, version);
        };
    }

    /** Where an epoch of one partition ended. */
    static OffsetForLeaderEpochRequestData endOfEpoch(
            String topic, int partition, int currentLeaderEpoch, int leaderEpoch) {
        OffsetForLeaderEpochRequestData request = new OffsetForLeaderEpochRequestData();
        request.topics()
                .add(
                        new OffsetForLeaderEpochRequestData.OffsetForLeaderTopic()
                                .setTopic(topic)
                                .setPartitions(
                                        List.of(
                                                new OffsetForLeaderEpochRequestData
                                                                .OffsetForLeaderPartition()
                                                        .setPartition(partition)
                                                        .setCurrentLeaderEpoch(currentLeaderEpoch)
                                                        .setLeaderEpoch(leaderEpoch))));
        return request;
    }

    /** Some replicas in the data directory. */
    static DescribeLogDirsRequestData logDirs(String topic, Integer... partitions) {
        DescribeLogDirsRequestData request =
                new DescribeLogDirsRequestData()
                        .setTopics(
                                new DescribeLogDirsRequestData.DescribableLogDirTopicCollection());
        request.topics()
                .add(
                        new DescribeLogDirsRequestData.DescribableLogDirTopic()
                                .setTopic(topic)
                                .setPartitions(List.of(partitions)));
        return request;
    }

    /** Who has written to some partitions. */
    static DescribeProducersRequestData producers(String topic, Integer... partitions) {
        DescribeProducersRequestData request = new DescribeProducersRequestData();
        request.topics()
                .add(
                        new DescribeProducersRequestData.TopicRequest()
                                .setName(topic)
                                .setPartitionIndexes(List.of(partitions)));
        return request;
    }

    /** A preferred election of some partitions. */
    static ElectLeadersRequestData electLeaders(String topic, Integer... partitions) {
        ElectLeadersRequestData request =
                new ElectLeadersRequestData()
                        .setTopicPartitions(
                                new ElectLeadersRequestData.TopicPartitionsCollection());
        request.topicPartitions()
                .add(
                        new ElectLeadersRequestData.TopicPartitions()
                                .setTopic(topic)
                                .setPartitions(List.of(partitions)));
        return request;
    }

    /**
     * A move of one partition.
     *
     * @param replicas null to cancel
     */
    static AlterPartitionReassignmentsRequestData reassign(
            String topic, int partition, @Nullable List<Integer> replicas) {
        return new AlterPartitionReassignmentsRequestData()
                .setTopics(
                        List.of(
                                new ReassignableTopic()
                                        .setName(topic)
                                        .setPartitions(
                                                List.of(
                                                        new ReassignablePartition()
                                                                .setPartitionIndex(partition)
                                                                .setReplicas(replicas)))));
    }

    static MemoryRecords batch(String... values) {
        return batch(Compression.NONE, values);
    }

    static MemoryRecords batch(Compression codec, String... values) {
        SimpleRecord[] records = new SimpleRecord[values.length];
        for (int i = 0; i < values.length; i++) {
            records[i] = new SimpleRecord(1000L + i, values[i].getBytes(StandardCharsets.UTF_8));
        }
        return MemoryRecords.withRecords(codec, records);
    }

    static ProduceRequestData produce(
            int version, int acks, String topic, Uuid id, MemoryRecords records) {
        TopicProduceData data =
                new TopicProduceData()
                        .setPartitionData(
                                List.of(
                                        new PartitionProduceData()
                                                .setIndex(0)
                                                .setRecords(records)));
        if (version >= 13) {
            data.setTopicId(id);
        } else {
            data.setName(topic);
        }
        TopicProduceDataCollection topics = new TopicProduceDataCollection();
        topics.add(data);
        return new ProduceRequestData()
                .setAcks((short) acks)
                .setTimeoutMs(30_000)
                .setTopicData(topics);
    }

    static FetchRequestData fetch(int version, String topic, Uuid id, long offset) {
        FetchTopic wanted =
                new FetchTopic()
                        .setPartitions(
                                List.of(
                                        new FetchPartition()
                                                .setPartition(0)
                                                .setFetchOffset(offset)
                                                .setPartitionMaxBytes(1 << 20)));
        if (version >= 13) {
            wanted.setTopicId(id);
        } else {
            wanted.setTopic(topic);
        }
        return new FetchRequestData()
                .setMaxWaitMs(0)
                .setMinBytes(1)
                .setMaxBytes(50 << 20)
                .setTopics(List.of(wanted));
    }

    static ListOffsetsRequestData listOffsets(String topic, long timestamp) {
        return new ListOffsetsRequestData()
                .setReplicaId(-1)
                .setTopics(
                        List.of(
                                new ListOffsetsTopic()
                                        .setName(topic)
                                        .setPartitions(
                                                List.of(
                                                        new ListOffsetsPartition()
                                                                .setPartitionIndex(0)
                                                                .setTimestamp(timestamp)))));
    }

    static MetadataRequestData metadata(String... names) {
        MetadataRequestData request = new MetadataRequestData();
        for (String name : names) {
            request.topics().add(new MetadataRequestTopic().setName(name));
        }
        return request;
    }

    private static CreateTopicsRequestData createTopics() {
        CreatableTopic topic =
                new CreatableTopic()
                        .setName("new-topic")
                        .setNumPartitions(-1)
                        .setReplicationFactor((short) -1)
                        .setAssignments(
                                new CreatableReplicaAssignmentCollection(
                                        List.of(
                                                        new CreatableReplicaAssignment()
                                                                .setPartitionIndex(0)
                                                                .setBrokerIds(List.of(7)))
                                                .iterator()))
                        .setConfigs(
                                new CreatableTopicConfigCollection(
                                        List.of(
                                                        new CreatableTopicConfig()
                                                                .setName("retention.ms")
                                                                .setValue("1000"))
                                                .iterator()));
        return createTopics(topic);
    }

    static CreateTopicsRequestData createTopics(CreatableTopic... topics) {
        return new CreateTopicsRequestData()
                .setTopics(new CreatableTopicCollection(List.of(topics).iterator()));
    }

    static CreatePartitionsRequestData createPartitions(String topic, int count) {
        return new CreatePartitionsRequestData()
                .setTopics(
                        new CreatePartitionsTopicCollection(
                                List.of(
                                                new CreatePartitionsTopic()
                                                        .setName(topic)
                                                        .setCount(count)
                                                        .setAssignments(null))
                                        .iterator()));
    }

    static DeleteRecordsRequestData deleteRecords(String topic, long offset) {
        return new DeleteRecordsRequestData()
                .setTopics(
                        List.of(
                                new DeleteRecordsTopic()
                                        .setName(topic)
                                        .setPartitions(
                                                List.of(
                                                        new DeleteRecordsPartition()
                                                                .setPartitionIndex(0)
                                                                .setOffset(offset)))));
    }

    static AlterConfigsRequestData alterConfigs(String topic, String name, @Nullable String value) {
        AlterConfigsRequestData request = new AlterConfigsRequestData();
        AlterConfigsRequestData.AlterConfigsResource resource =
                new AlterConfigsRequestData.AlterConfigsResource()
                        .setResourceType(ConfigResource.TOPIC)
                        .setResourceName(topic);
        resource.configs()
                .add(new AlterConfigsRequestData.AlterableConfig().setName(name).setValue(value));
        request.resources().add(resource);
        return request;
    }

    static IncrementalAlterConfigsRequestData incremental(
            String topic, String name, int operation, @Nullable String value) {
        IncrementalAlterConfigsRequestData request = new IncrementalAlterConfigsRequestData();
        IncrementalAlterConfigsRequestData.AlterConfigsResource resource =
                new IncrementalAlterConfigsRequestData.AlterConfigsResource()
                        .setResourceType(ConfigResource.TOPIC)
                        .setResourceName(topic);
        resource.configs()
                .add(
                        new IncrementalAlterConfigsRequestData.AlterableConfig()
                                .setName(name)
                                .setConfigOperation((byte) operation)
                                .setValue(value));
        request.resources().add(resource);
        return request;
    }
}
