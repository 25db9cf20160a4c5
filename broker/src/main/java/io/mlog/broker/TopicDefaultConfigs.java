package io.mlog.broker;

import io.mlog.broker.config.BrokerConfig;
import io.mlog.broker.config.FlushMode;
import io.mlog.broker.config.TopicDefaults;
import io.mlog.core.metadata.TopicConfigs;
import java.util.Map;

/** The broker's settings as values for what topics do not set. */
final class TopicDefaultConfigs {
    private TopicDefaultConfigs() {}

    static Map<String, String> of(BrokerConfig config) {
        TopicDefaults topics = config.topics();
        return TopicConfigs.check(
                Map.of(
                        TopicConfigs.RETENTION_MS, Long.toString(topics.retentionMs()),
                        TopicConfigs.RETENTION_BYTES, Long.toString(topics.retentionBytes()),
                        TopicConfigs.SEGMENT_BYTES, Integer.toString(topics.segmentBytes()),
                        TopicConfigs.SEGMENT_MS, Long.toString(topics.segmentMs()),
                        TopicConfigs.MAX_MESSAGE_BYTES, Integer.toString(topics.maxMessageBytes()),
                        TopicConfigs.FLUSH,
                                config.storage().flush() == FlushMode.GROUP ? "group" : "os"));
    }
}
