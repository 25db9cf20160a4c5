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
record ElectLeadersRequest(Election election, @Nullable List<NamedPartitions> topics) {
    private static final int FIRST_WITH_ELECTION = 1;
    private static final byte PREFERRED = 0;
    private static final byte UNCLEAN = 1;

    static ElectLeadersRequest read(Readable in, short version) {
        FieldReader fields = new FieldReader(in, ApiKeys.ELECT_LEADERS, version);
        byte election = version < FIRST_WITH_ELECTION ? PREFERRED : fields.int8();
        List<NamedPartitions> topics = fields.nullableList(() -> NamedPartitions.read(fields));
        fields.int32(); // the timeout: the metadata log has its own
        fields.end();
        return new ElectLeadersRequest(election(election), topics);
    }

    private static Election election(byte number) {
        return switch (number) {
            case PREFERRED -> Election.PREFERRED;
            case UNCLEAN -> Election.UNCLEAN;
            default -> throw new IllegalArgumentException("there is no election type " + number);
        };
    }
}
