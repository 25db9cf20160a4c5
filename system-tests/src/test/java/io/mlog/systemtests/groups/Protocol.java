package io.mlog.systemtests.groups;

import java.util.Map;

/** The two ways in which Kafka's consumers are members of a group. */
enum Protocol {
    CLASSIC(
            Map.of(
                    "group.protocol",
                    "classic",
                    "session.timeout.ms",
                    6000,
                    "heartbeat.interval.ms",
                    1000,
                    "partition.assignment.strategy",
                    "org.apache.kafka.clients.consumer.CooperativeStickyAssignor")),
    KIP_848(Map.of("group.protocol", "consumer"));

    private final Map<String, Object> settings;

    Protocol(Map<String, Object> settings) {
        this.settings = settings;
    }

    Map<String, Object> settings() {
        return settings;
    }
}
