package io.mlog.kafka;

import io.mlog.model.ErrorCode;
import java.util.HashMap;
import java.util.Map;

/** Kafka's error numbers as our codes. Where several share a number the first one stands for it. */
final class KafkaErrors {
    private static final Map<Short, ErrorCode> BY_NUMBER = byNumber();

    private KafkaErrors() {}

    /** The code of that number; UNKNOWN_SERVER_ERROR when we have none. */
    static ErrorCode code(short number) {
        return BY_NUMBER.getOrDefault(number, ErrorCode.UNKNOWN_SERVER_ERROR);
    }

    private static Map<Short, ErrorCode> byNumber() {
        Map<Short, ErrorCode> codes = new HashMap<>();
        for (ErrorCode code : ErrorCode.values()) {
            codes.putIfAbsent(code.kafkaCode(), code);
        }
        return Map.copyOf(codes);
    }
}
