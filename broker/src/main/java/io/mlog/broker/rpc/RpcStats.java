package io.mlog.broker.rpc;

import io.mlog.broker.metrics.RequestMetrics;
import io.mlog.broker.metrics.RequestStats;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Statistics of JSON requests by type. Any thread. */
final class RpcStats {
    private final RequestMetrics requests;
    private final Map<String, RequestStats> byType = new ConcurrentHashMap<>();

    RpcStats(RequestMetrics requests) {
        this.requests = requests;
    }

    /** Of a type of ours; never of what a client sent. */
    RequestStats of(String type) {
        RequestStats known = byType.get(type);
        return known == null
                ? byType.computeIfAbsent(type, each -> requests.of("json", each))
                : known;
    }

    /** Of requests that could not be made out. */
    RequestStats ofUnreadable() {
        return of("unreadable");
    }
}
