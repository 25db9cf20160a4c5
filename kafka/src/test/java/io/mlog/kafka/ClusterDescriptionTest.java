package io.mlog.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlog.model.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.message.DescribeClusterRequestData;
import org.apache.kafka.common.message.DescribeClusterResponseData;
import org.apache.kafka.common.message.DescribeClusterResponseData.DescribeClusterBroker;
import org.apache.kafka.common.message.DescribeTopicPartitionsRequestData;
import org.apache.kafka.common.message.DescribeTopicPartitionsRequestData.Cursor;
import org.apache.kafka.common.message.DescribeTopicPartitionsRequestData.TopicRequest;
import org.apache.kafka.common.message.DescribeTopicPartitionsResponseData;
import org.apache.kafka.common.message.DescribeTopicPartitionsResponseData.DescribeTopicPartitionsResponsePartition;
import org.apache.kafka.common.message.DescribeTopicPartitionsResponseData.DescribeTopicPartitionsResponseTopic;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;

final class ClusterDescriptionTest {
    private final KafkaExchange kafka = new KafkaExchange();

    @Test
    void everyVersionTellsTheBrokers() {
        kafka.topics.registerOthers();
        for (int version = 0; version <= 2; version++) {
            DescribeClusterResponseData told = describe(version, new DescribeClusterRequestData());
            assertThat(told.errorCode()).isZero();
            assertThat(told.clusterId()).isEqualTo("fake-cluster");
            assertThat(told.controllerId()).isEqualTo(FakeBroker.ID);
            assertThat(told.brokers())
                    .extracting(DescribeClusterBroker::brokerId)
                    .containsExactly(FakeBroker.ID, 8);
            assertThat(told.brokers().find(FakeBroker.ID).host()).isEqualTo("10.1.2.3");
        }
    }

    @Test
    void fencedBrokersAreToldWhenAskedFor() {
        kafka.topics.registerOthers();

        DescribeClusterResponseData told =
                describe(2, new DescribeClusterRequestData().setIncludeFencedBrokers(true));

        assertThat(told.brokers()).hasSize(3);
        assertThat(told.brokers().find(9).isFenced()).isTrue();
        assertThat(told.brokers().find(8).isFenced()).isFalse();
    }

    @Test
    void controllersAreNotToBeHadOnThisPort() {
        DescribeClusterResponseData controllers =
                describe(1, new DescribeClusterRequestData().setEndpointType((byte) 2));
        DescribeClusterResponseData nonsense =
                describe(1, new DescribeClusterRequestData().setEndpointType((byte) 9));

        assertThat(controllers.errorCode()).isEqualTo(Errors.MISMATCHED_ENDPOINT_TYPE.code());
        assertThat(controllers.errorMessage()).contains("bootstrap.servers");
        assertThat(nonsense.errorCode()).isEqualTo(Errors.UNSUPPORTED_ENDPOINT_TYPE.code());
    }

    @Test
    void topicsAreDescribedInTheirOrder() {
        kafka.topics.add("b", 1);
        kafka.topics.add("a", 2);

        DescribeTopicPartitionsResponseData all = partitions(request());
        DescribeTopicPartitionsResponseData named = partitions(request("b", "nowhere"));

        assertThat(all.topics())
                .extracting(DescribeTopicPartitionsResponseTopic::name)
                .containsExactly("a", "b");
        DescribeTopicPartitionsResponsePartition partition =
                all.topics().find("a").partitions().get(1);
        assertThat(partition.leaderId()).isEqualTo(FakeBroker.ID);
        assertThat(partition.leaderEpoch()).isEqualTo(3);
        assertThat(partition.offlineReplicas()).containsExactly(9);
        assertThat(all.topics().find("a").topicId())
                .isEqualTo(TopicIds.uuid(kafka.topics.named("a").id()));
        assertThat(named.topics()).hasSize(2);
        assertThat(named.topics().find("nowhere").errorCode())
                .isEqualTo(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION.kafkaCode());
    }

    @Test
    void pagesOfAnySizeTellEveryPartitionOnce() {
        kafka.topics.add("a", 3);
        kafka.topics.add("b", 4);
        kafka.topics.add("c", 1);
        for (int pageSize = 1; pageSize <= 9; pageSize++) {
            List<String> seen = new ArrayList<>();
            DescribeTopicPartitionsRequestData request =
                    request().setResponsePartitionLimit(pageSize);
            for (int page = 0; page < 9; page++) {
                DescribeTopicPartitionsResponseData told = partitions(request);
                told.topics()
                        .forEach(topic ->
                                topic.partitions()
                                        .forEach(p -> seen.add(topic.name() + p.partitionIndex())));
                if (told.nextCursor() == null) {
                    break;
                }
                request.setCursor(
                        new Cursor()
                                .setTopicName(told.nextCursor().topicName())
                                .setPartitionIndex(told.nextCursor().partitionIndex()));
            }
            assertThat(seen)
                    .as("page size " + pageSize)
                    .containsExactly("a0", "a1", "a2", "b0", "b1", "b2", "b3", "c0");
        }
    }

    @Test
    void aCursorBeyondTheTopicIsNoError() {
        kafka.topics.add("a", 1);
        DescribeTopicPartitionsRequestData request =
                request()
                        .setCursor(
                                new Cursor()
                                        .setTopicName("a")
                                        .setPartitionIndex(Integer.MAX_VALUE));

        assertThat(partitions(request).topics()).isEmpty();
    }

    private static DescribeTopicPartitionsRequestData request(String... names) {
        DescribeTopicPartitionsRequestData request = new DescribeTopicPartitionsRequestData();
        for (String name : names) {
            request.topics().add(new TopicRequest().setName(name));
        }
        return request;
    }

    private DescribeClusterResponseData describe(int version, DescribeClusterRequestData request) {
        return kafka.ask(
                ApiKeys.DESCRIBE_CLUSTER, version, request, new DescribeClusterResponseData());
    }

    private DescribeTopicPartitionsResponseData partitions(
            DescribeTopicPartitionsRequestData request) {
        return kafka.ask(
                ApiKeys.DESCRIBE_TOPIC_PARTITIONS,
                0,
                request,
                new DescribeTopicPartitionsResponseData());
    }
}
