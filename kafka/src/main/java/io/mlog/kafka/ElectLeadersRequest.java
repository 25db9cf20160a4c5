package io.mlog.kafka;

import io.mlog.core.metadata.MetadataCommand.Election;
import java.util.List;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Readable;
import org.jspecify.annotations.Nullable;

/**
 * An ElectLeaders request.
 *
 * <pre>
 * request: election int8 (1+), [topic string, [partition int32]] or null, timeout int32
 * </pre>
 *
 * @param topics null for every partition of the cluster
 */
record ElectLeadersRequest(Election election, @Nullable List<Topic> topics) {
    private static final int FIRST_WITH_ELECTION = 1;
    private static final byte PREFERRED = 0;
    private static final byte UNCLEAN = 1;

    /** Partitions of a topic, as the client named them. */
    record Topic(String name, List<Integer> partitions) {}

    static ElectLeadersRequest read(Readable in, short version) {
        FieldReader fields = new FieldReader(in, ApiKeys.ELECT_LEADERS, version);
        byte election = version < FIRST_WITH_ELECTION ? PREFERRED : fields.int8();
        List<Topic> topics = fields.nullableList(() -> topic(fields));
        fields.int32(); // the timeout: the metadata log has its own
        fields.end();
        return new ElectLeadersRequest(election(election), topics);
    }

    private static Topic topic(FieldReader fields) {
        Topic topic = new Topic(fields.string(), fields.list(fields::int32));
        fields.end();
        return topic;
    }

    private static Election election(byte number) {
        return switch (number) {
            case PREFERRED -> Election.PREFERRED;
            case UNCLEAN -> Election.UNCLEAN;
            default -> throw new IllegalArgumentException("there is no election type " + number);
        };
    }
}
