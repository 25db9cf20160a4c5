package io.mlog.core.metadata;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mlog.core.metadata.TopicSettings.FlushMode;
import io.mlog.core.metadata.TopicSettings.TimestampType;
import io.mlog.model.TopicId;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TopicConfigsTest {
    @Test
    void theTableIsSortedAndItsDefaultsPassTheirOwnChecks() {
        assertThat(TopicConfigs.all().stream().map(TopicConfig::name)).isSorted();
        for (TopicConfig config : TopicConfigs.all()) {
            String value = TopicConfigs.resolve(config, Map.of(), Map.of(), 1).value();
            assertThat(config.check(value)).isEqualTo(value);
            assertThat(config.documentation()).endsWith(".");
        }
    }

    @Test
    void aTopicWithoutConfigsHasTheDocumentedDefaults() {
        assertThat(TopicSettings.of(topic(1, Map.of()), Map.of()))
                .isEqualTo(
                        new TopicSettings(
                                -1,
                                -1,
                                1 << 30,
                                7L * 24 * 3600 * 1000,
                                true,
                                false,
                                new TopicSettings.Compaction(0.5, 0, Long.MAX_VALUE, 86_400_000),
                                1048588,
                                TimestampType.CREATE_TIME,
                                1,
                                FlushMode.GROUP));
    }

    @Test
    void theTopicOverridesTheBrokerWhichOverridesTheTable() {
        Map<String, String> broker = TopicConfigs.check(Map.of("flush", "os", "retention.ms", "5"));
        TopicImage topic = topic(1, Map.of("retention.ms", "9", "cleanup.policy", "compact"));

        TopicSettings settings = TopicSettings.of(topic, broker);

        assertThat(settings.retentionMs()).isEqualTo(9);
        assertThat(settings.flush()).isEqualTo(FlushMode.OS);
        assertThat(settings.compact()).isTrue();
        assertThat(settings.delete()).isFalse();
        assertThat(source("retention.ms", topic, broker)).isEqualTo(ResolvedConfig.Source.TOPIC);
        assertThat(source("flush", topic, broker)).isEqualTo(ResolvedConfig.Source.BROKER);
        assertThat(source("segment.ms", topic, broker)).isEqualTo(ResolvedConfig.Source.DEFAULT);
    }

    @Test
    void compactionIsSetInKafkasWords() {
        Map<String, String> configs =
                TopicConfigs.check(
                        Map.of(
                                "cleanup.policy", "compact, delete",
                                "min.cleanable.dirty.ratio", "0.10",
                                "min.compaction.lag.ms", "5",
                                "max.compaction.lag.ms", "6",
                                "delete.retention.ms", "7"));
        TopicSettings settings = TopicSettings.of(topic(1, configs), Map.of());
        assertThat(configs).containsEntry("min.cleanable.dirty.ratio", "0.1");
        assertThat(settings.compact()).isTrue();
        assertThat(settings.delete()).isTrue();
        assertThat(settings.compaction()).isEqualTo(new TopicSettings.Compaction(0.1, 5, 6, 7));
        for (String ratio : List.of("1.1", "-0.1", "NaN", "half")) {
            assertThatThrownBy(() -> TopicConfigs.check(Map.of("min.cleanable.dirty.ratio", ratio)))
                    .hasMessageContaining("is '" + ratio + "', allowed is 0 to 1");
        }
        assertThatThrownBy(() ->
                        TopicConfigDecider.checked(
                                Map.of(
                                        "min.compaction.lag.ms", "7",
                                        "max.compaction.lag.ms", "6"),
                                1))
                .hasMessageContaining("min.compaction.lag.ms is 7, more than");
    }

    @Test
    void minInsyncReplicasFollowsTheNumberOfReplicas() {
        assertThat(List.of(1, 2, 3, 4, 5))
                .extracting(n -> TopicSettings.of(topic(n, Map.of()), Map.of()).minInsyncReplicas())
                .containsExactly(1, 2, 2, 3, 3);
    }

    private static ResolvedConfig.Source source(
            String name, TopicImage topic, Map<String, String> broker) {
        TopicConfig config = TopicConfigs.find(name).orElseThrow();
        return TopicConfigs.resolve(config, topic.configs(), broker, 1).source();
    }

    private static TopicImage topic(int replicas, Map<String, String> configs) {
        List<Integer> brokers = java.util.stream.IntStream.range(0, replicas).boxed().toList();
        PartitionImage partition = new PartitionImage(0, brokers, brokers, 0, 0, 0);
        return new TopicImage("t", new TopicId(1, 1), List.of(partition), configs);
    }
}
