package io.mlog.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.nio.ByteBuffer;
import java.util.List;
import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.apache.kafka.common.message.ApiVersionsResponseData;
import org.apache.kafka.common.message.ApiVersionsResponseData.ApiVersion;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class ApiVersionsTest {
    private final KafkaExchange kafka = new KafkaExchange();

    @Test
    void everyVersionTellsExactlyTheRangesOfTheHandlers() {
        for (int version = 0; version <= 5; version++) {
            ApiVersionsResponseData told = ask(version, request("a-client", "1.2.3"));
            assertThat(told.errorCode()).isZero();
            assertThat(told.apiKeys())
                    .extracting(ApiVersion::apiKey, ApiVersion::minVersion, ApiVersion::maxVersion)
                    .containsExactlyElementsOf(
                            kafka.api.advertised().stream()
                                    .map(range ->
                                            tuple(
                                                    range.key(),
                                                    range.minVersion(),
                                                    range.maxVersion()))
                                    .toList());
            assertThat(told.supportedFeatures()).isEmpty();
            assertThat(told.finalizedFeatures()).isEmpty();
        }
    }

    @Test
    void theRangesAreThoseThatClientsNeed() {
        assertThat(kafka.api.advertised())
                .extracting(
                        range -> range.api() + " " + range.minVersion() + "-" + range.maxVersion())
                .containsExactly(
                        "Produce 0-13",
                        "Fetch 4-18",
                        "ListOffsets 1-11",
                        "Metadata 0-13",
                        "OffsetCommit 2-10",
                        "OffsetFetch 1-10",
                        "FindCoordinator 0-6",
                        "JoinGroup 0-9",
                        "Heartbeat 0-4",
                        "LeaveGroup 0-5",
                        "SyncGroup 0-5",
                        "DescribeGroups 0-6",
                        "ListGroups 0-5",
                        "ApiVersions 0-5",
                        "CreateTopics 2-7",
                        "DeleteTopics 1-6",
                        "DeleteRecords 0-2",
                        "InitProducerId 0-5",
                        "OffsetForLeaderEpoch 2-4",
                        "DescribeConfigs 1-4",
                        "AlterConfigs 0-2",
                        "DescribeLogDirs 1-5",
                        "CreatePartitions 0-3",
                        "DeleteGroups 0-3",
                        "ElectLeaders 0-2",
                        "IncrementalAlterConfigs 0-1",
                        "AlterPartitionReassignments 0-1",
                        "ListPartitionReassignments 0-0",
                        "OffsetDelete 0-0",
                        "DescribeCluster 0-2",
                        "DescribeProducers 0-0",
                        "ConsumerGroupHeartbeat 0-1",
                        "ConsumerGroupDescribe 0-1",
                        "ListConfigResources 0-1",
                        "DescribeTopicPartitions 0-0");
    }

    @Test
    void everyAdvertisedVersionOfEveryApiIsAnswered() {
        for (ApiVersionRange range : kafka.api.advertised()) {
            ApiKeys key = ApiKeys.forId(range.key());
            for (int version = range.minVersion(); version <= range.maxVersion(); version++) {
                if (key.isVersionSupported((short) version)) {
                    KafkaReply reply = kafka.send(Requests.sample(key, version));
                    ApiMessage response = key.messageType.newResponse();
                    KafkaExchange.read(reply, key, version, response);
                } else {
                    assertThat(key).as("without Kafka's own classes").isEqualTo(ApiKeys.PRODUCE);
                }
            }
        }
    }

    @Test
    void anUnknownVersionIsAnsweredInVersionZeroWithError35AndTheRange() {
        ByteBuffer frame = ByteBuffer.allocate(64).putShort((short) 18).putShort((short) 99);
        frame.putInt(8).putShort((short) -1).put(new byte[] {0, 1, 2, 3}).flip();

        assertThat(KafkaExchange.hex(kafka.send(frame)))
                .isEqualTo("0000001000000008002300000001001200000005");
    }

    @Test
    void theClientsSoftwareIsRemembered() {
        ask(3, request("apache-kafka-java", "4.4.0"));

        assertThat(kafka.connection.clientSoftware()).isEqualTo("apache-kafka-java 4.4.0");
    }

    @Test
    void softwareNamesThatCouldForgeALogLineAreRefused() {
        for (String name : List.of("", "a\nb", "-x", "y".repeat(101))) {
            assertThat(ask(4, request(name, "1")).errorCode())
                    .isEqualTo(Errors.INVALID_REQUEST.code());
        }
        assertThat(kafka.connection.clientSoftware()).isEqualTo("unknown");
    }

    @Test
    void aClientThatMeantAnotherBrokerIsSentBackToItsBootstrapServers() {
        short reboot = Errors.REBOOTSTRAP_REQUIRED.code();
        assertThat(ask(5, meant("fake-cluster", FakeBroker.ID)).errorCode()).isZero();
        assertThat(ask(5, meant("other-cluster", FakeBroker.ID)).errorCode()).isEqualTo(reboot);
        assertThat(ask(5, meant("fake-cluster", 99)).errorCode()).isEqualTo(reboot);
        assertThat(ask(5, meant(null, -1)).errorCode()).isZero();
    }

    @Test
    void anApiOrVersionThatIsNotOfferedClosesWithWhoAskedForWhat() {
        ask(3, request("nosy", "2.0"));

        String unknownApi = KafkaExchange.closed(kafka.send(head(71, 0)));
        String unknownVersion = KafkaExchange.closed(kafka.send(head(1, 3)));

        assertThat(unknownApi)
                .contains("GetTelemetrySubscriptions", "key 71", "version 0", "nosy 2.0");
        assertThat(unknownVersion).contains("Fetch", "version 3", "nosy 2.0", "4 to 18");
        assertThat(KafkaExchange.closed(kafka.send(head(-5, 0)))).contains("key -5");
        assertThat(KafkaExchange.closed(kafka.send(head(30_000, 0)))).contains("key 30000");
        assertThat(KafkaExchange.closed(kafka.send(ByteBuffer.allocate(7)))).contains("7 bytes");
    }

    private static ByteBuffer head(int key, int version) {
        return ByteBuffer.allocate(10)
                .putShort((short) key)
                .putShort((short) version)
                .putInt(1)
                .putShort((short) -1)
                .flip();
    }

    private static ApiVersionsRequestData request(String name, String version) {
        return new ApiVersionsRequestData()
                .setClientSoftwareName(name)
                .setClientSoftwareVersion(version);
    }

    private static ApiVersionsRequestData meant(@Nullable String clusterId, int nodeId) {
        return request("a", "1").setClusterId(clusterId).setNodeId(nodeId);
    }

    private ApiVersionsResponseData ask(int version, ApiVersionsRequestData request) {
        return kafka.ask(ApiKeys.API_VERSIONS, version, request, new ApiVersionsResponseData());
    }
}
