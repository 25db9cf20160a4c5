package io.mlog.broker.net;

import static java.util.Objects.requireNonNull;

import io.mlog.broker.metrics.MetricSource;
import io.mlog.broker.metrics.Samples;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** What is counted about connections. Any thread. */
final class NetMetrics implements MetricSource {
    final LongAdder bytesIn = new LongAdder();
    final LongAdder bytesOut = new LongAdder();
    final LongAdder accepted = new LongAdder();

    private final Map<Language, LongAdder> open = new EnumMap<>(Language.class);
    private final Map<CloseReason, LongAdder> closed = new EnumMap<>(CloseReason.class);
    private final FrameBudget budget;

    NetMetrics(FrameBudget budget) {
        this.budget = budget;
        for (Language language : Language.values()) {
            open.put(language, new LongAdder());
        }
        for (CloseReason reason : CloseReason.values()) {
            closed.put(reason, new LongAdder());
        }
    }

    LongAdder open(Language language) {
        return requireNonNull(open.get(language));
    }

    LongAdder closed(CloseReason reason) {
        return requireNonNull(closed.get(reason));
    }

    @Override
    public void collect(Samples samples) {
        samples.counter(
                "mlog_network_in_bytes", "Bytes received from clients.", (double) bytesIn.sum());
        samples.counter(
                "mlog_network_out_bytes", "Bytes sent to clients.", (double) bytesOut.sum());
        samples.counter(
                "mlog_connections_accepted", "Connections that came in.", (double) accepted.sum());
        samples.gauge(
                "mlog_partial_frame_bytes",
                "Memory held for requests that have not come in whole.",
                (double) budget.heldBytes());
        for (Language language : Language.values()) {
            samples.gauge(
                    "mlog_connections",
                    "Open connections by the language they speak.",
                    (double) open(language).sum(),
                    "language",
                    language.label());
        }
        for (CloseReason reason : CloseReason.values()) {
            samples.counter(
                    "mlog_connections_closed",
                    "Connections that this broker closed, by reason.",
                    (double) closed(reason).sum(),
                    "reason",
                    reason.label());
        }
    }
}
