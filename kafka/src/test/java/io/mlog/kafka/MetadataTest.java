package io.mlog.kafka;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.mlog.core.metadata.PartitionImage;
import io.mlog.core.metadata.TopicImage;
import io.mlog.model.ErrorCode;
import io.mlog.model.HostPort;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.MetadataRequestData.MetadataRequestTopic;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponseBroker;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponsePartition;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponseTopic;
import org.apache.kafka.common.protocol.ApiKeys;
import org.junit.jupiter.api.Test;

final class MetadataTest {
    private final KafkaExchange kafka = new KafkaExchange();

    @Test
    void everyVersionTellsAKnownTopicWithItsPartitions() {
        TopicImage orders = kafka.topics.add("orders", 2);
        for (int version = 0; version <= 13; version++) {
            MetadataResponseData told = ask(version, Requests.metadata("orders"));

            MetadataResponseTopic topic = told.topics().find("orders");
            assertThat(topic.errorCode()).isZero();
            assertThat(topic.partitions()).hasSize(2);
            MetadataResponsePartition second = topic.partitions().get(1);
            assertThat(second.partitionIndex()).isEqualTo(1);
            assertThat(second.leaderId()).isEqualTo(FakeBroker.ID);
            assertThat(second.replicaNodes()).containsExactly(FakeBroker.ID, 9);
            assertThat(second.isrNodes()).containsExactly(FakeBroker.ID);
            assertThat(second.leaderEpoch()).isEqualTo(version >= 7 ? 3 : -1);
            if (version >= 5) {
                assertThat(second.offlineReplicas()).containsExactly(9);
            }
            assertThat(topic.topicId())
                    .isEqualTo(version >= 10 ? TopicIds.uuid(orders.id()) : Uuid.ZERO_UUID);
            assertThat(told.clusterId()).isEqualTo(version >= 2 ? "fake-cluster" : null);
            assertThat(told.controllerId()).isEqualTo(version >= 1 ? FakeBroker.ID : -1);
        }
    }

    @Test
    void aTopicThatAnotherBrokerHasJustCreatedIsKnown() {
        kafka.topics.createdElsewhere.put("new", 3);

        MetadataResponseData told =
                ask(12, Requests.metadata("new").setAllowAutoTopicCreation(false));

        assertThat(told.topics().find("new").partitions()).hasSize(3);
    }

    /** The request is what python3-kafka 2.0.2 opens a connection with. */
    @Test
    void theFirstRequestOfPythonsClientIsAnsweredByteForByte() {
        kafka.topics.add("t", 1);
        String request = "0003000000000001" + "0013" + ascii("kafka-python-2.0.2.") + "00000000";

        String reply =
                KafkaExchange.hex(kafka.send(ByteBuffer.wrap(HexFormat.of().parseHex(request))));

        String broker = "00000007" + "0008" + ascii("10.1.2.3") + "00002386";
        String partition =
                "0000"
                        + "00000000"
                        + "00000007"
                        + "00000002"
                        + "00000007"
                        + "00000009"
                        + "00000001"
                        + "00000007";
        String body =
                "00000001"
                        + "00000001"
                        + broker
                        + "00000001"
                        + "0000"
                        + "0001"
                        + ascii("t")
                        + "00000001"
                        + partition;
        assertThat(reply).isEqualTo(HexFormat.of().toHexDigits(body.length() / 2) + body);
    }

    @Test
    void anEmptyListMeansAllTopicsInVersionZeroAndNoneAfterwards() {
        kafka.topics.add("a", 1);
        kafka.topics.add("b", 1);
        assertThat(ask(0, Requests.metadata()).topics()).hasSize(2);
        for (int version = 1; version <= 13; version++) {
            assertThat(ask(version, Requests.metadata()).topics()).isEmpty();
            MetadataRequestData all = new MetadataRequestData().setTopics(null);
            assertThat(ask(version, all).topics()).hasSize(2);
        }
    }

    @Test
    void aMissingTopicIsCreatedBeforeTheAnswerWhenRequestAndBrokerAllowIt() {
        MetadataResponseTopic created = ask(0, Requests.metadata("fresh")).topics().find("fresh");
        assertThat(created.errorCode()).isZero();
        assertThat(created.partitions()).hasSize(1);
        assertThat(kafka.topics.byName).containsKey("fresh");

        assertThat(codeOf("not-allowed", 13, false))
                .isEqualTo(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
        kafka.broker.autoCreate = false;
        assertThat(codeOf("switched-off", 0, true)).isEqualTo(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
        assertThat(kafka.topics.byName).containsOnlyKeys("fresh");
    }

    @Test
    void aNameThatBreaksTheRuleIsRefusedAndNotCreated() {
        assertThat(codeOf("no spaces", 13, true)).isEqualTo(ErrorCode.INVALID_TOPIC);
        assertThat(kafka.topics.asked).isEmpty();
    }

    @Test
    void oneRequestCreatesOnlyABoundedNumberOfTopics() {
        KafkaLimits three = new KafkaLimits(1 << 20, 100, 1, 1, 1 << 20, 1, 3);
        KafkaExchange bounded = new KafkaExchange(three);
        String[] names = IntStream.range(0, 10).mapToObj(i -> "t" + i).toArray(String[]::new);

        MetadataResponseData told =
                bounded.ask(
                        ApiKeys.METADATA, 5, Requests.metadata(names), new MetadataResponseData());

        assertThat(bounded.topics.byName).hasSize(3);
        assertThat(told.topics()).hasSize(10);
        assertThat(told.topics().stream().filter(topic -> topic.errorCode() != 0)).hasSize(7);
    }

    @Test
    void aTopicThatIsAskedForTwiceIsToldOnce() {
        Uuid id = TopicIds.uuid(kafka.topics.add("orders", 1).id());
        MetadataRequestData request = Requests.metadata("orders", "orders");
        request.topics().add(new MetadataRequestTopic().setTopicId(id).setName(null));

        assertThat(ask(12, request).topics())
                .extracting(MetadataResponseTopic::name)
                .containsExactly("orders");
    }

    @Test
    void topicsAreFoundByTheirIds() {
        Uuid id = TopicIds.uuid(kafka.topics.add("orders", 1).id());
        Uuid unknown = new Uuid(1, 2);
        for (int version = 12; version <= 13; version++) {
            MetadataRequestData request = new MetadataRequestData();
            request.topics().add(new MetadataRequestTopic().setTopicId(id).setName(null));
            request.topics().add(new MetadataRequestTopic().setTopicId(unknown).setName(null));

            MetadataResponseData told = ask(version, request);

            assertThat(told.topics().find("orders").topicId()).isEqualTo(id);
            MetadataResponseTopic missing = told.topics().find((String) null);
            assertThat(missing.errorCode()).isEqualTo(ErrorCode.UNKNOWN_TOPIC_ID.kafkaCode());
            assertThat(missing.topicId()).isEqualTo(unknown);
        }
    }

    @Test
    void aPartitionWithoutLeaderSaysSo() {
        kafka.topics.add("orphan", 1, PartitionImage.NO_LEADER, Map.of());

        MetadataResponsePartition partition =
                ask(13, Requests.metadata("orphan"))
                        .topics()
                        .find("orphan")
                        .partitions()
                        .getFirst();

        assertThat(partition.errorCode()).isEqualTo(ErrorCode.LEADER_NOT_AVAILABLE.kafkaCode());
        assertThat(partition.leaderId()).isEqualTo(-1);
    }

    @Test
    void aClientIsToldTheAddressItCameByUnlessTheOperatorSetOne() {
        MetadataResponseBroker echoed = ask(13, Requests.metadata()).brokers().find(FakeBroker.ID);
        kafka.broker.advertised = Optional.of(new HostPort("log.example.org", 443));
        MetadataResponseBroker told = ask(13, Requests.metadata()).brokers().find(FakeBroker.ID);

        assertThat(echoed.host() + ":" + echoed.port()).isEqualTo("10.1.2.3:9094");
        assertThat(told.host() + ":" + told.port()).isEqualTo("log.example.org:443");
    }

    @Test
    void otherBrokersAreToldUnlessFenced() {
        kafka.topics.registerOthers();

        MetadataResponseData told = ask(13, Requests.metadata());

        assertThat(told.brokers())
                .extracting(MetadataResponseBroker::nodeId)
                .containsExactly(FakeBroker.ID, 8);
        assertThat(told.brokers().find(8).host()).isEqualTo("broker-8");
        assertThat(told.brokers().find(8).rack()).isEqualTo("rack-8");
    }

    private ErrorCode codeOf(String topic, int version, boolean mayCreate) {
        MetadataRequestData request = Requests.metadata(topic).setAllowAutoTopicCreation(mayCreate);
        short code = ask(version, request).topics().find(topic).errorCode();
        return Arrays.stream(ErrorCode.values())
                .filter(known -> known.kafkaCode() == code)
                .findFirst()
                .orElseThrow();
    }

    private static String ascii(String text) {
        return HexFormat.of().formatHex(text.getBytes(US_ASCII));
    }

    private MetadataResponseData ask(int version, MetadataRequestData request) {
        return kafka.ask(ApiKeys.METADATA, version, request, new MetadataResponseData());
    }
}
