package io.mlog.kafka;

import java.util.Set;

/** The topics that Kafka clients know as the broker's own. */
final class InternalTopics {
    private static final Set<String> NAMES = Set.of("__consumer_offsets", "__transaction_state");

    private InternalTopics() {}

    static boolean contains(String topic) {
        return NAMES.contains(topic);
    }
}
