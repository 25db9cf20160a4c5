package io.mlog.kafka;

import java.util.List;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Readable;
import org.jspecify.annotations.Nullable;

/**
 * A Produce request of any version; 0 to 2, for which Kafka's classes are gone, are version 3
 * without a transactional id.
 *
 * <pre>
 * request: transactional id nullable string (3+), acks int16, timeout int32, [topics]
 * </pre>
 */
record ProduceRequest(
        @Nullable String transactionalId,
        short acks,
        int timeoutMs,
        List<TopicProduceData> topics) {
    /** The first version that is appended rather than refused. */
    static final short FIRST_ANSWERED = 3;

    static ProduceRequest read(Readable in, short version) {
        FieldReader fields = new FieldReader(in, ApiKeys.PRODUCE, version);
        String transactionalId = version < FIRST_ANSWERED ? null : fields.nullableString();
        short acks = fields.int16();
        int timeoutMs = fields.int32();
        short topicVersion = (short) Math.max(FIRST_ANSWERED, version);
        List<TopicProduceData> topics = fields.list(() -> new TopicProduceData(in, topicVersion));
        fields.end();
        return new ProduceRequest(transactionalId, acks, timeoutMs, topics);
    }
}
