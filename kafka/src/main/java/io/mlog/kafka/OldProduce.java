package io.mlog.kafka;

import io.mlog.model.ErrorCode;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.message.ProduceRequestData.PartitionProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceData;

/**
 * The answer to Produce versions 0 to 2, for which Kafka's classes are gone: refuses every
 * partition with UNSUPPORTED_VERSION in the form of that version.
 *
 * <pre>
 * response: [topics: name string, [partitions: index int32, error int16, base offset int64,
 *           log append time int64 (2)]], throttle time int32 (1, 2)
 * </pre>
 */
final class OldProduce {
    private static final int FIRST_WITH_THROTTLE_TIME = 1;
    private static final int FIRST_WITH_LOG_APPEND_TIME = 2;

    private OldProduce() {}

    static void refuse(ProduceRequest request, Call call) {
        if (request.acks() == 0) {
            call.close("versions 0 to 2 are refused; use version 3 or later");
        } else {
            call.replyBody(refusal(request, call.version()));
        }
    }

    private static ByteBuffer refusal(ProduceRequest request, short version) {
        ByteBuffer body = ByteBuffer.allocate(sizeBytes(request, version));
        body.putInt(request.topics().size());
        for (TopicProduceData topic : request.topics()) {
            byte[] name = name(topic);
            body.putShort((short) name.length).put(name).putInt(topic.partitionData().size());
            for (PartitionProduceData partition : topic.partitionData()) {
                body.putInt(partition.index());
                body.putShort(ErrorCode.UNSUPPORTED_VERSION.kafkaCode());
                body.putLong(-1);
                if (version >= FIRST_WITH_LOG_APPEND_TIME) {
                    body.putLong(-1);
                }
            }
        }
        if (version >= FIRST_WITH_THROTTLE_TIME) {
            body.putInt(0);
        }
        return body.flip();
    }

    private static int sizeBytes(ProduceRequest request, short version) {
        int partitionBytes = version >= FIRST_WITH_LOG_APPEND_TIME ? 22 : 14;
        int size = version >= FIRST_WITH_THROTTLE_TIME ? 8 : 4;
        for (TopicProduceData topic : request.topics()) {
            size += 2 + name(topic).length + 4 + topic.partitionData().size() * partitionBytes;
        }
        return size;
    }

    private static byte[] name(TopicProduceData topic) {
        return topic.name().getBytes(StandardCharsets.UTF_8);
    }
}
