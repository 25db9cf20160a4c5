package io.mlog.kafka;

import java.util.List;
import org.apache.kafka.common.message.CreatePartitionsRequestData.CreatePartitionsTopic;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Readable;

/**
 * A CreatePartitions request.
 *
 * <pre>
 * request: [topics], timeout int32, validate only boolean
 * </pre>
 */
record CreatePartitionsRequest(List<CreatePartitionsTopic> topics, boolean validateOnly) {
    static CreatePartitionsRequest read(Readable in, short version) {
        FieldReader fields = new FieldReader(in, ApiKeys.CREATE_PARTITIONS, version);
        List<CreatePartitionsTopic> topics =
                fields.list(() -> new CreatePartitionsTopic(in, version));
        fields.int32(); // the timeout: the metadata log has its own
        CreatePartitionsRequest request = new CreatePartitionsRequest(topics, fields.bool());
        fields.end();
        return request;
    }
}
