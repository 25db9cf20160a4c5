package io.mlog.broker.net;

import java.util.function.LongSupplier;

/** What all connections of a listener share. */
record Household(
        ConnectionLimits limits,
        Gate gate,
        HttpLanguage http,
        Connections connections,
        FrameBudget budget,
        NetMetrics metrics,
        KafkaStats kafkaStats,
        FaultLog faults,
        LongSupplier nanoTime) {}
