package io.mlog.broker.net;

import io.mlog.broker.metrics.Metrics;
import io.mlog.broker.metrics.RequestMetrics;

/**
 * What a listener has from the moment it is bound.
 *
 * @param beforeReady answers JSON requests until {@link Listener#serve}
 * @param http answers HTTP, before and after
 * @param metrics shows what the listener counts of connections and bytes
 * @param requests takes the latencies of Kafka requests
 */
public record Reception(
        JsonService beforeReady, HttpLanguage http, Metrics metrics, RequestMetrics requests) {}
