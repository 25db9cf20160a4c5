package io.mlog.broker.net;

import java.util.function.LongSupplier;
import org.slf4j.LoggerFactory;

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
        LongSupplier nanoTime) {
    /** One without connections, that serves nothing yet; its figures are {@code reception}'s. */
    static Household of(ConnectionLimits limits, Reception reception, LongSupplier nanoTime) {
        FrameBudget budget = new FrameBudget(limits.maxPartialBytes());
        NetMetrics metrics = new NetMetrics(budget);
        reception.metrics().add(metrics);
        return new Household(
                limits,
                new Gate(reception.beforeReady()),
                reception.http(),
                new Connections(limits.maxConnections()),
                budget,
                metrics,
                new KafkaStats(reception.requests()),
                new FaultLog(LoggerFactory.getLogger(Listener.class), nanoTime),
                nanoTime);
    }
}
