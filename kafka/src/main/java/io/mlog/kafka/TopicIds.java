package io.mlog.kafka;

import io.mlog.model.TopicId;
import org.apache.kafka.common.Uuid;

/** Topic ids between our type and Kafka's; the bits are the same. */
final class TopicIds {
    private TopicIds() {}

    static TopicId of(Uuid id) {
        return new TopicId(id.getMostSignificantBits(), id.getLeastSignificantBits());
    }

    static Uuid uuid(TopicId id) {
        return new Uuid(id.mostSignificantBits(), id.leastSignificantBits());
    }
}
