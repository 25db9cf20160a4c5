package io.mlog.broker.metrics;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The statistics of every kind of request, by language ({@code json}, {@code kafka}, {@code http})
 * and kind ({@code Produce}, …). Callers keep the {@link RequestStats} of the kinds they serve.
 * Kinds come from our own tables, never from the wire, so their number is bounded.
 */
public final class RequestMetrics implements MetricSource {
    private record Kind(String language, String kind) {}

    private final Map<Kind, RequestStats> stats = new ConcurrentHashMap<>();

    /** The statistics of that kind, made at its first use. Any thread. */
    public RequestStats of(String language, String kind) {
        return stats.computeIfAbsent(new Kind(language, kind), key -> new RequestStats());
    }

    @Override
    public void collect(Samples samples) {
        stats.forEach((kind, each) -> {
            String[] labels = {"language", kind.language, "kind", kind.kind};
            samples.histogram(
                    "mlog_request_seconds",
                    "Time from a request's last byte to the hand-over of its answer.",
                    each.histogram(),
                    labels);
            samples.counter(
                    "mlog_request_errors",
                    "Requests that were answered by an error.",
                    (double) each.failures(),
                    labels);
        });
    }
}
