package io.mlog.kafka;

import java.util.List;

/**
 * Partitions of a topic, as the client named them.
 *
 * <pre>
 * topic string, [partition int32]
 * </pre>
 */
record NamedPartitions(String topic, List<Integer> partitions) {
    static NamedPartitions read(FieldReader fields) {
        NamedPartitions named = new NamedPartitions(fields.string(), fields.list(fields::int32));
        fields.end();
        return named;
    }
}
