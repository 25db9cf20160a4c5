package io.mlog.systemtests.groups;

import java.util.Map;

/** The two ways in which Kafka's consumers are members of a group. */
enum Protocol {
    CLASSIC,
    KIP_848;

    Map<String, Object> settings() {
        return switch (this) {
            case CLASSIC ->
                    Map.of(
                            "group.protocol",
                            "classic",
                            "session.timeout.ms",
                            6000,
                            "heartbeat.interval.ms",
                            1000,
                            "partition.assignment.strategy",
                            "org.apache.kafka.clients.consumer.CooperativeStickyAssignor");
            case KIP_848 -> Map.of("group.protocol", "consumer");
        };
    }
}
