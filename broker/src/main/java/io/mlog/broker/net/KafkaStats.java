package io.mlog.broker.net;

import io.mlog.broker.metrics.RequestMetrics;
import io.mlog.broker.metrics.RequestStats;
import java.util.concurrent.atomic.AtomicReferenceArray;

/** Statistics of Kafka requests, found by the request's API key without a look-up by name. */
final class KafkaStats {
    /** API keys from 0; larger ones are found by name. */
    private static final int KEYS = 128;

    private final RequestMetrics requests;
    private final AtomicReferenceArray<RequestStats> byKey = new AtomicReferenceArray<>(KEYS);

    KafkaStats(RequestMetrics requests) {
        this.requests = requests;
    }

    /**
     * Statistics of that API.
     *
     * @param apiKey as the request has it, unchecked
     * @param api its name as the answer has it, from a table of ours
     */
    RequestStats of(int apiKey, String api) {
        if (apiKey < 0 || apiKey >= KEYS) {
            return requests.of("kafka", api);
        }
        RequestStats stats = byKey.getPlain(apiKey);
        if (stats == null) {
            stats = requests.of("kafka", api);
            byKey.set(apiKey, stats);
        }
        return stats;
    }
}
