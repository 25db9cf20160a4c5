package io.mlog.kafka;

import java.util.List;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Readable;
import org.jspecify.annotations.Nullable;

/**
 * A DescribeLogDirs request.
 *
 * <pre>
 * request: [topic string, [partition int32]] or null
 * </pre>
 *
 * @param topics null for all that the broker has
 */
record DescribeLogDirsRequest(@Nullable List<NamedPartitions> topics) {
    static DescribeLogDirsRequest read(Readable in, short version) {
        FieldReader fields = new FieldReader(in, ApiKeys.DESCRIBE_LOG_DIRS, version);
        List<NamedPartitions> topics = fields.nullableList(() -> NamedPartitions.read(fields));
        fields.end();
        return new DescribeLogDirsRequest(topics);
    }
}
