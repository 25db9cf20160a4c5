package io.mlog.kafka;

import io.mlog.services.ConfigEntry;

/** Kafka's numbers for where a configuration value comes from and what it is. */
final class ConfigCodes {
    private static final byte TOPIC = 1;
    private static final byte STATIC_BROKER = 4;
    private static final byte DEFAULT = 5;

    private ConfigCodes() {}

    static byte source(ConfigEntry.Source source) {
        return switch (source) {
            case TOPIC -> TOPIC;
            case BROKER -> STATIC_BROKER;
            case DEFAULT -> DEFAULT;
        };
    }

    static byte type(ConfigEntry.Type type) {
        return switch (type) {
            case BOOLEAN -> 1;
            case STRING -> 2;
            case INT -> 3;
            case LONG -> 5;
            case DOUBLE -> 6;
            case LIST -> 7;
        };
    }
}
