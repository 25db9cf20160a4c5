package io.mlog.kafka;

import io.mlog.model.ErrorCode;
import io.mlog.model.MlogException;

/**
 * What a configuration belongs to, as requests name it.
 *
 * @param type Kafka's number of the kind of resource
 * @param name a topic's name, or a broker's id as text
 */
record ConfigResource(byte type, String name) {
    static final byte TOPIC = 2;
    static final byte BROKER = 4;
    static final byte GROUP = 32;

    /** The topic whose configuration may be altered; throws when it is anything else. */
    String alterableTopic() {
        return switch (type) {
            case TOPIC -> name;
            case BROKER ->
                    throw new MlogException(
                            ErrorCode.INVALID_REQUEST,
                            "a broker's settings are given when it starts (flag, environment or"
                                    + " file) and cannot be altered; broker '"
                                    + name
                                    + "' keeps its own");
            default -> throw unknownType();
        };
    }

    MlogException unknownType() {
        return new MlogException(
                ErrorCode.INVALID_REQUEST,
                "resource type "
                        + type
                        + " ('"
                        + name
                        + "') has no configuration here; topics (2) and brokers (4) have");
    }
}
