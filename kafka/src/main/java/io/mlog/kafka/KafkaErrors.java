package io.mlog.kafka;

import io.mlog.model.ErrorCode;
import java.util.HashMap;
import java.util.Map;

/**
 * Kafka's error numbers as our codes, and the other way. Where several share a number the first one
 * stands for it.
 */
final class KafkaErrors {
    private static final Map<Short, ErrorCode> BY_NUMBER = byNumber();

    private KafkaErrors() {}

    /** The code of that number; UNKNOWN_SERVER_ERROR when we have none. */
    static ErrorCode code(short number) {
        return BY_NUMBER.getOrDefault(number, ErrorCode.UNKNOWN_SERVER_ERROR);
    }

    /**
     * The number that clients are told. Kafka's number of NOT_READY, BROKER_NOT_AVAILABLE, is for
     * other things: Java producers give the batch up and consumers fail on it, and a broker that
     * stops would take them along. NOT_LEADER_OR_FOLLOWER sends them on to whoever leads now.
     */
    static short toClients(ErrorCode code) {
        return code == ErrorCode.NOT_READY ? ErrorCode.NOT_LEADER.kafkaCode() : code.kafkaCode();
    }

    private static Map<Short, ErrorCode> byNumber() {
        Map<Short, ErrorCode> codes = new HashMap<>();
        for (ErrorCode code : ErrorCode.values()) {
            codes.putIfAbsent(code.kafkaCode(), code);
        }
        return Map.copyOf(codes);
    }
}
