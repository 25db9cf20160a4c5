package io.mlog.kafka;

import java.util.List;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Readable;

/**
 * A DescribeProducers request.
 *
 * <pre>
 * request: [topic string, [partition int32]]
 * </pre>
 */
record DescribeProducersRequest(List<NamedPartitions> topics) {
    static DescribeProducersRequest read(Readable in, short version) {
        FieldReader fields = new FieldReader(in, ApiKeys.DESCRIBE_PRODUCERS, version);
        List<NamedPartitions> topics = fields.list(() -> NamedPartitions.read(fields));
        fields.end();
        return new DescribeProducersRequest(topics);
    }
}
