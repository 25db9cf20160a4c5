package io.mlog.broker.replica;

import io.mlog.broker.metrics.MetricSource;
import io.mlog.broker.metrics.Samples;
import io.mlog.model.ErrorCode;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** What is counted about a broker's following. Any thread. */
public final class ReplicationStats implements MetricSource {
    private final LongAdder requests = new LongAdder();
    private final LongAdder sessions = new LongAdder();
    private final LongAdder asks = new LongAdder();
    private final LongAdder bytes = new LongAdder();
    private final Map<FetchOutcome.Cause, LongAdder> lost = new ConcurrentHashMap<>();
    private final Map<ErrorCode, LongAdder> errors = new ConcurrentHashMap<>();

    void requested(int askCount) {
        requests.increment();
        asks.add(askCount);
    }

    void opened() {
        sessions.increment();
    }

    void took(int recordBytes) {
        bytes.add(recordBytes);
    }

    void lost(FetchOutcome.Cause cause) {
        lost.computeIfAbsent(cause, key -> new LongAdder()).increment();
    }

    void refused(ErrorCode error) {
        errors.computeIfAbsent(error, key -> new LongAdder()).increment();
    }

    /** Requests sent to leaders, since the start. */
    public long requests() {
        return requests.sum();
    }

    /** Partitions asked for, over all requests, since the start. */
    public long asks() {
        return asks.sum();
    }

    @Override
    public void collect(Samples samples) {
        samples.counter(
                "mlog_replica_fetch_requests",
                "Requests that this broker has sent to leaders as their follower.",
                (double) requests.sum());
        samples.counter(
                "mlog_replica_fetch_asks",
                "Partitions asked for in those requests.",
                (double) asks.sum());
        samples.counter(
                "mlog_replica_fetch_sessions",
                "Fetch sessions that this broker has begun as a follower.",
                (double) sessions.sum());
        samples.counter(
                "mlog_replica_in_bytes",
                "Bytes of records that this broker has fetched as a follower.",
                (double) bytes.sum());
        for (FetchOutcome.Cause cause : FetchOutcome.Cause.values()) {
            LongAdder count = lost.get(cause);
            samples.counter(
                    "mlog_replica_fetch_lost",
                    "Requests to leaders that were never answered, by cause.",
                    count == null ? 0 : (double) count.sum(),
                    "cause",
                    cause.name().toLowerCase(Locale.ROOT));
        }
        errors.forEach((error, count) ->
                samples.counter(
                        "mlog_replica_fetch_errors",
                        "Asks and requests that leaders answered by an error.",
                        (double) count.sum(),
                        "error",
                        error.name()));
    }
}
