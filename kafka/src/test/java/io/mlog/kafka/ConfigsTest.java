package io.mlog.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlog.model.ErrorCode;
import io.mlog.services.ConfigChange;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.message.AlterConfigsRequestData;
import org.apache.kafka.common.message.AlterConfigsResponseData;
import org.apache.kafka.common.message.DescribeConfigsRequestData;
import org.apache.kafka.common.message.DescribeConfigsRequestData.DescribeConfigsResource;
import org.apache.kafka.common.message.DescribeConfigsResponseData;
import org.apache.kafka.common.message.DescribeConfigsResponseData.DescribeConfigsResourceResult;
import org.apache.kafka.common.message.DescribeConfigsResponseData.DescribeConfigsResult;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData.AlterableConfig;
import org.apache.kafka.common.message.IncrementalAlterConfigsResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class ConfigsTest {
    private final KafkaExchange kafka = new KafkaExchange();

    @BeforeEach
    void createTopic() {
        kafka.topics.add("orders", 1);
    }

    @Test
    void everyVersionDescribesATopicsValuesWithTheirSources() {
        for (int version = 1; version <= 4; version++) {
            DescribeConfigsResult told = describe(version, ConfigResource.TOPIC, "orders", null);

            assertThat(told.errorCode()).isZero();
            assertThat(told.errorMessage()).isNull();
            assertThat(told.configs())
                    .extracting(DescribeConfigsResourceResult::name)
                    .containsExactly("retention.ms", "segment.bytes");
            DescribeConfigsResourceResult retention = told.configs().getFirst();
            assertThat(retention.value()).isEqualTo("1000");
            assertThat(retention.configSource()).isEqualTo((byte) 1);
            assertThat(told.configs().get(1).configSource()).isEqualTo((byte) 5);
            assertThat(retention.configType()).isEqualTo(version >= 3 ? (byte) 5 : (byte) 0);
            assertThat(retention.synonyms()).hasSize(2);
            assertThat(retention.documentation()).isEqualTo(version >= 3 ? "retention.ms doc" : "");
        }
    }

    @Test
    void onlyTheNamesThatWereAskedForAreTold() {
        DescribeConfigsResult told =
                describe(4, ConfigResource.TOPIC, "orders", List.of("segment.bytes", "no.such"));

        assertThat(told.configs())
                .extracting(DescribeConfigsResourceResult::name)
                .containsExactly("segment.bytes");
    }

    @Test
    void aBrokerDescribesItselfOnly() {
        DescribeConfigsResult self = describe(4, ConfigResource.BROKER, "7", null);
        DescribeConfigsResult other = describe(4, ConfigResource.BROKER, "8", null);
        DescribeConfigsResult every = describe(4, ConfigResource.BROKER, "", null);

        assertThat(self.configs().getFirst().name()).isEqualTo("rpc.port");
        assertThat(self.configs().getFirst().readOnly()).isTrue();
        assertThat(self.configs().getFirst().configSource()).isEqualTo((byte) 4);
        assertThat(other.errorCode()).isEqualTo(ErrorCode.INVALID_REQUEST.kafkaCode());
        assertThat(other.errorMessage()).contains("this is broker 7", "'8'");
        assertThat(every.errorCode()).isZero();
        assertThat(every.configs()).isEmpty();
    }

    @Test
    void unknownTopicsAndKindsOfResourcesAreToldAsSuch() {
        assertThat(describe(4, ConfigResource.TOPIC, "nowhere", null).errorCode())
                .isEqualTo((short) 3);
        DescribeConfigsResult logger = describe(4, (byte) 8, "7", null);
        assertThat(logger.errorCode()).isEqualTo(ErrorCode.INVALID_REQUEST.kafkaCode());
        assertThat(logger.errorMessage()).contains("resource type 8");
    }

    @Test
    void whatIsAskedForTwiceIsDescribedOnce() {
        DescribeConfigsResource orders =
                new DescribeConfigsResource()
                        .setResourceType(ConfigResource.TOPIC)
                        .setResourceName("orders")
                        .setConfigurationKeys(null);

        DescribeConfigsResponseData told =
                kafka.ask(
                        ApiKeys.DESCRIBE_CONFIGS,
                        4,
                        new DescribeConfigsRequestData()
                                .setResources(List.of(orders, orders.duplicate())),
                        new DescribeConfigsResponseData());

        assertThat(told.results())
                .extracting(DescribeConfigsResult::errorCode)
                .containsExactly((short) 0, ErrorCode.INVALID_REQUEST.kafkaCode());
        assertThat(told.results().get(1).errorMessage()).contains("'orders'", "more than once");
        assertThat(told.results().get(1).configs()).isEmpty();
    }

    @Test
    void everyVersionOfIncrementalAlterHandsOnTheFourOperations() {
        for (int version = 0; version <= 1; version++) {
            kafka.topics.changes.clear();
            for (int operation = 0; operation <= 3; operation++) {
                assertThat(
                                incremental(
                                        version,
                                        Requests.incremental("orders", "c", operation, "v")))
                        .isZero();
            }
            assertThat(kafka.topics.changes)
                    .containsExactly(
                            new ConfigChange("c", ConfigChange.Operation.SET, "v"),
                            new ConfigChange("c", ConfigChange.Operation.DELETE, null),
                            new ConfigChange("c", ConfigChange.Operation.APPEND, "v"),
                            new ConfigChange("c", ConfigChange.Operation.SUBTRACT, "v"));
        }
    }

    @Test
    void changesThatABrokerRefusesSinceItStopsAreSentOnToAnother() {
        kafka.topics.stopping = true;

        assertThat(incremental(1, Requests.incremental("orders", "c", 0, "v")))
                .isEqualTo(ErrorCode.NOT_CONTROLLER.kafkaCode());
        assertThat(alter(2, Requests.alterConfigs("orders", "c", "v")))
                .isEqualTo(ErrorCode.NOT_CONTROLLER.kafkaCode());
    }

    @Test
    void incrementalChangesThatMakeNoSenseAreRefused() {
        short invalid = ErrorCode.INVALID_REQUEST.kafkaCode();
        IncrementalAlterConfigsRequestData twice = Requests.incremental("orders", "c", 0, "v");
        twice.resources()
                .find(ConfigResource.TOPIC, "orders")
                .configs()
                .add(new AlterableConfig().setName("c").setConfigOperation((byte) 2).setValue("w"));
        IncrementalAlterConfigsRequestData broker = Requests.incremental("orders", "c", 0, "v");
        broker.resources().find(ConfigResource.TOPIC, "orders").setResourceType((byte) 4);

        assertThat(incremental(1, Requests.incremental("orders", "c", 4, "v"))).isEqualTo(invalid);
        assertThat(incremental(1, Requests.incremental("orders", "c", 0, null))).isEqualTo(invalid);
        assertThat(incremental(1, twice)).isEqualTo(invalid);
        assertThat(incremental(1, broker)).isEqualTo(invalid);
        assertThat(incremental(1, Requests.incremental("nowhere", "c", 0, "v")))
                .isEqualTo((short) 3);
        assertThat(kafka.topics.changes).isEmpty();
    }

    /** As {@code kafka-reassign-partitions --verify} does when a move is done. */
    @Test
    void whatWasNeverSetCanBeTakenAway() {
        IncrementalAlterConfigsRequestData broker =
                Requests.incremental("7", "leader.replication.throttled.rate", 1, null);
        broker.resources().find(ConfigResource.TOPIC, "7").setResourceType((byte) 4);
        String throttled = "follower.replication.throttled.replicas";

        assertThat(incremental(1, broker)).isZero();
        assertThat(incremental(1, Requests.incremental("orders", throttled, 1, null))).isZero();
        assertThat(incremental(1, Requests.incremental("nowhere", throttled, 1, null)))
                .isEqualTo((short) 3);
        assertThat(incremental(1, Requests.incremental("orders", throttled, 0, "*")))
                .as("how fast replicas are copied is a setting of brokers")
                .isEqualTo(ErrorCode.INVALID_CONFIG.kafkaCode());
        assertThat(kafka.topics.changes).isEmpty();
    }

    @Test
    void synonymsAreWhatWouldHoldOtherwise() {
        DescribeConfigsResult told =
                describe(4, ConfigResource.TOPIC, "orders", List.of("retention.ms"));

        assertThat(told.configs().getFirst().synonyms())
                .extracting(synonym -> synonym.source() + ":" + synonym.value())
                .containsExactly("1:1000", "5:-1");
    }

    @Test
    void groupsHaveNoConfigurationOfTheirOwn() {
        DescribeConfigsResult told = describe(4, ConfigResource.GROUP, "readers", null);

        assertThat(told.errorCode()).isZero();
        assertThat(told.configs()).isEmpty();
    }

    @Test
    void everyVersionOfAlterReplacesTheWholeConfiguration() {
        for (int version = 0; version <= 2; version++) {
            String value = "v" + version;
            assertThat(alter(version, Requests.alterConfigs("orders", "c", value))).isZero();
            assertThat(kafka.topics.named("orders").configs()).isEqualTo(Map.of("c", value));
        }
        assertThat(alter(2, Requests.alterConfigs("nowhere", "c", "v"))).isEqualTo((short) 3);
        assertThat(alter(2, Requests.alterConfigs("orders", "c", null)))
                .isEqualTo(ErrorCode.INVALID_REQUEST.kafkaCode());
    }

    private DescribeConfigsResult describe(
            int version, byte type, String name, @Nullable List<String> keys) {
        DescribeConfigsRequestData request =
                new DescribeConfigsRequestData()
                        .setIncludeSynonyms(true)
                        .setIncludeDocumentation(version >= 3)
                        .setResources(
                                List.of(
                                        new DescribeConfigsResource()
                                                .setResourceType(type)
                                                .setResourceName(name)
                                                .setConfigurationKeys(keys)));
        DescribeConfigsResult told =
                kafka.ask(
                                ApiKeys.DESCRIBE_CONFIGS,
                                version,
                                request,
                                new DescribeConfigsResponseData())
                        .results()
                        .getFirst();
        assertThat(told.resourceType()).isEqualTo(type);
        assertThat(told.resourceName()).isEqualTo(name);
        return told;
    }

    private short incremental(int version, IncrementalAlterConfigsRequestData request) {
        return kafka.ask(
                        ApiKeys.INCREMENTAL_ALTER_CONFIGS,
                        version,
                        request,
                        new IncrementalAlterConfigsResponseData())
                .responses()
                .getFirst()
                .errorCode();
    }

    private short alter(int version, AlterConfigsRequestData request) {
        return kafka.ask(ApiKeys.ALTER_CONFIGS, version, request, new AlterConfigsResponseData())
                .responses()
                .getFirst()
                .errorCode();
    }
}
