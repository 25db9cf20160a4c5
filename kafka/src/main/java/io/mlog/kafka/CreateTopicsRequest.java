package io.mlog.kafka;

import java.util.List;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Readable;
import org.jspecify.annotations.Nullable;

/**
 * A CreateTopics request.
 *
 * <pre>
 * request:    [topics], timeout int32, validate only boolean
 * topic:      name string, partitions int32, replication factor int16, [assignments], [configs]
 * assignment: partition int32, [broker int32]
 * config:     name string, value nullable string
 * </pre>
 */
record CreateTopicsRequest(List<Topic> topics, boolean validateOnly) {
    /** A topic that is to be. */
    record Topic(
            String name,
            int partitions,
            short replicationFactor,
            List<Assignment> assignments,
            List<Config> configs) {
        private static Topic read(FieldReader fields) {
            Topic topic =
                    new Topic(
                            fields.string(),
                            fields.int32(),
                            fields.int16(),
                            fields.list(() -> Assignment.read(fields)),
                            fields.list(() -> Config.read(fields)));
            fields.end();
            return topic;
        }
    }

    /** The brokers that are to hold a partition. */
    record Assignment(int partition, List<Integer> brokers) {
        private static Assignment read(FieldReader fields) {
            Assignment assignment = new Assignment(fields.int32(), fields.list(fields::int32));
            fields.end();
            return assignment;
        }
    }

    /** A config that is to be set. */
    record Config(String name, @Nullable String value) {
        private static Config read(FieldReader fields) {
            Config config = new Config(fields.string(), fields.nullableString());
            fields.end();
            return config;
        }
    }

    static CreateTopicsRequest read(Readable in, short version) {
        FieldReader fields = new FieldReader(in, ApiKeys.CREATE_TOPICS, version);
        List<Topic> topics = fields.list(() -> Topic.read(fields));
        fields.int32(); // the timeout: the metadata log has its own
        CreateTopicsRequest request = new CreateTopicsRequest(topics, fields.bool());
        fields.end();
        return request;
    }
}
