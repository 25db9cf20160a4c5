package io.mlog.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import io.mlog.model.TopicPartition;
import io.mlog.services.PartitionStatus;
import java.util.List;
import org.apache.kafka.common.message.DescribeLogDirsRequestData;
import org.apache.kafka.common.message.DescribeLogDirsResponseData;
import org.apache.kafka.common.message.DescribeLogDirsResponseData.DescribeLogDirsPartition;
import org.apache.kafka.common.message.DescribeLogDirsResponseData.DescribeLogDirsResult;
import org.apache.kafka.common.message.DescribeLogDirsResponseData.DescribeLogDirsTopic;
import org.apache.kafka.common.message.DescribeProducersRequestData;
import org.apache.kafka.common.message.DescribeProducersResponseData;
import org.apache.kafka.common.message.DescribeProducersResponseData.PartitionResponse;
import org.apache.kafka.common.message.DescribeProducersResponseData.ProducerState;
import org.apache.kafka.common.message.ListConfigResourcesRequestData;
import org.apache.kafka.common.message.ListConfigResourcesResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;

/** What operators look at: the data directory, who writes, what is configurable. */
final class DailyOperationsTest {
    private final KafkaExchange kafka = new KafkaExchange();

    // ---- DescribeLogDirs

    @Test
    void everyVersionTellsTheDirectoryAndTheReplicasInIt() {
        kafka.topics.add("orders", 3);
        hosts("orders", 0, 400, 10, 10);
        hosts("orders", 2, 90, 10, 8);
        for (int version = 1; version <= 5; version++) {
            for (DescribeLogDirsRequestData request :
                    List.of(
                            new DescribeLogDirsRequestData().setTopics(null),
                            Requests.logDirs("orders", 2, 0, 2, -1, 77))) {
                DescribeLogDirsResult told = logDirs(version, request);
                assertThat(told.errorCode()).isZero();
                assertThat(told.logDir()).isEqualTo("/data");
                assertThat(told.totalBytes()).isEqualTo(version >= 4 ? 1000 : -1);
                assertThat(told.usableBytes()).isEqualTo(version >= 4 ? 600 : -1);
                DescribeLogDirsTopic topic = told.topics().getFirst();
                assertThat(topic.name()).isEqualTo("orders");
                assertThat(topic.partitions())
                        .extracting(
                                DescribeLogDirsPartition::partitionIndex,
                                DescribeLogDirsPartition::partitionSize,
                                DescribeLogDirsPartition::offsetLag,
                                DescribeLogDirsPartition::isFutureKey)
                        .containsExactly(tuple(0, 400L, 0L, false), tuple(2, 90L, 2L, false));
            }
        }
    }

    @Test
    void whatIsNotHereIsLeftOut() {
        kafka.topics.add("orders", 1);

        assertThat(logDirs(5, Requests.logDirs("nowhere", 0)).topics()).isEmpty();
        assertThat(logDirs(5, Requests.logDirs("orders", 0)).topics()).isEmpty();
    }

    private void hosts(
            String topic, int partition, long sizeBytes, long highWatermark, long logEnd) {
        TopicPartition name = new TopicPartition(topic, partition);
        kafka.records.statuses.put(
                name,
                new PartitionStatus(
                        name,
                        0,
                        highWatermark,
                        logEnd,
                        logEnd,
                        sizeBytes,
                        1,
                        List.of(),
                        true,
                        "",
                        List.of()));
    }

    private DescribeLogDirsResult logDirs(int version, DescribeLogDirsRequestData request) {
        return kafka.ask(
                        ApiKeys.DESCRIBE_LOG_DIRS,
                        version,
                        request,
                        new DescribeLogDirsResponseData())
                .results()
                .getFirst();
    }

    // ---- DescribeProducers

    @Test
    void aProducerIsToldWithItsEpochAndLastSequence() {
        kafka.topics.add("orders", 1);

        PartitionResponse told = producers(Requests.producers("orders", 0)).getFirst();

        assertThat(told.errorCode()).isZero();
        ProducerState state = told.activeProducers().getFirst();
        assertThat(state.producerId()).isEqualTo(500);
        assertThat(state.producerEpoch()).isEqualTo(2);
        assertThat(state.lastSequence()).isEqualTo(6);
        assertThat(state.lastTimestamp()).isEqualTo(77_000);
        assertThat(state.coordinatorEpoch()).isEqualTo(-1);
        assertThat(state.currentTxnStartOffset()).isEqualTo(-1);
    }

    @Test
    void partitionsThatAreNotHereAreRefusedOneByOne() {
        kafka.topics.add("orders", 1);

        assertThat(producers(Requests.producers("orders", 0, 5, -1)))
                .extracting(PartitionResponse::errorCode)
                .containsExactly(
                        (short) 0,
                        Errors.UNKNOWN_TOPIC_OR_PARTITION.code(),
                        Errors.UNKNOWN_TOPIC_OR_PARTITION.code());
    }

    @Test
    void anAnswerHasABoundAndSaysWhichPartitionsAreBehindIt() {
        kafka.topics.add("orders", 3);
        kafka.records.producers = 10_000;

        List<PartitionResponse> told = producers(Requests.producers("orders", 0, 1, 2));

        assertThat(told)
                .extracting(partition -> partition.activeProducers().size())
                .containsExactly(10_000, 10_000, 0);
        assertThat(told.getLast().errorCode()).isEqualTo(Errors.POLICY_VIOLATION.code());
        assertThat(told.getLast().errorMessage()).contains("orders-2", "20000", "fewer");
    }

    private List<PartitionResponse> producers(DescribeProducersRequestData request) {
        return kafka.ask(
                        ApiKeys.DESCRIBE_PRODUCERS, 0, request, new DescribeProducersResponseData())
                .topics()
                .getFirst()
                .partitions();
    }

    // ---- ListConfigResources

    @Test
    void topicsAndBrokersHaveConfigurationsAndNothingElseHas() {
        kafka.topics.add("orders", 1);
        kafka.topics.add("lines", 1);
        kafka.topics.registerOthers();

        assertThat(resources(1)).containsExactly("2:lines", "2:orders", "4:7", "4:8", "4:9");
        assertThat(resources(1, 4)).containsExactly("4:7", "4:8", "4:9");
        assertThat(resources(1, 16, 32)).isEmpty();
        assertThat(resources(0)).isEmpty();
    }

    @Test
    void aTypeThatKafkaDoesNotKnowIsRefused() {
        assertThat(listResources(1, 2, 99).errorCode())
                .isEqualTo(Errors.UNSUPPORTED_VERSION.code());
    }

    private List<String> resources(int version, int... types) {
        ListConfigResourcesResponseData told = listResources(version, types);
        assertThat(told.errorCode()).isZero();
        return told.configResources().stream()
                .map(each -> each.resourceType() + ":" + each.resourceName())
                .toList();
    }

    private ListConfigResourcesResponseData listResources(int version, int... types) {
        ListConfigResourcesRequestData request = new ListConfigResourcesRequestData();
        for (int type : types) {
            request.resourceTypes().add((byte) type);
        }
        return kafka.ask(
                ApiKeys.LIST_CONFIG_RESOURCES,
                version,
                request,
                new ListConfigResourcesResponseData());
    }
}
