package io.mlog.systemtests.groups;

import java.time.Duration;
import java.util.Map;

/** The two ways in which Kafka's consumers are members of a group. */
enum Protocol {
    CLASSIC,
    KIP_848;

    /** After which a silent member counts as gone: as set below, or the broker's default. */
    Duration sessionTimeout() {
        return switch (this) {
            case CLASSIC -> Duration.ofSeconds(6);
            case KIP_848 -> Duration.ofSeconds(45);
        };
    }

    Map<String, Object> settings() {
        return switch (this) {
            case CLASSIC ->
                    Map.of(
                            "group.protocol",
                            "classic",
                            "session.timeout.ms",
                            Math.toIntExact(sessionTimeout().toMillis()),
                            "heartbeat.interval.ms",
                            1000,
                            "partition.assignment.strategy",
                            "org.apache.kafka.clients.consumer.CooperativeStickyAssignor");
            case KIP_848 -> Map.of("group.protocol", "consumer");
        };
    }
}
