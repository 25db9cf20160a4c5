package io.mlog.groups.api;

import io.mlog.groups.api.HashedByIdentity.AskedPartition;
import io.mlog.groups.api.HashedByIdentity.AskedTopic;
import org.apache.kafka.common.message.OffsetDeleteRequestData;
import org.apache.kafka.common.message.OffsetDeleteRequestData.OffsetDeleteRequestTopic;
import org.apache.kafka.common.protocol.Readable;

/**
 * Reads OffsetDelete, version 0, into entries that are {@linkplain HashedByIdentity hashed by
 * identity}. The fields in the order of Kafka's schema: group, topics (name, partitions (index)).
 */
final class OffsetDeleteReader {
    private OffsetDeleteReader() {}

    static OffsetDeleteRequestData read(Readable body) {
        OffsetDeleteRequestData data = new OffsetDeleteRequestData().setGroupId(string(body));
        for (int topics = arrayLength(body); topics > 0; topics--) {
            data.topics().add(topic(body));
        }
        return data;
    }

    private static OffsetDeleteRequestTopic topic(Readable body) {
        OffsetDeleteRequestTopic topic = new AskedTopic().setName(string(body));
        for (int partitions = arrayLength(body); partitions > 0; partitions--) {
            topic.partitions().add(new AskedPartition().setPartitionIndex(body.readInt()));
        }
        return topic;
    }

    private static String string(Readable body) {
        short length = body.readShort();
        if (length < 0) {
            throw new IllegalArgumentException("a string of length " + length);
        }
        return body.readString(length);
    }

    private static int arrayLength(Readable body) {
        int length = body.readInt();
        if (length < 0 || length > body.remaining()) {
            throw new IllegalArgumentException("an array of " + length + " elements");
        }
        return length;
    }
}
