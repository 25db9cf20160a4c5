package io.mlog.broker;

import io.mlog.broker.metrics.MetricSource;
import io.mlog.broker.metrics.Samples;
import io.mlog.kafka.KafkaApi;

/** What Kafka clients read, and how. Any thread. */
final class KafkaMetrics implements MetricSource {
    private final KafkaApi api;

    KafkaMetrics(KafkaApi api) {
        this.api = api;
    }

    @Override
    public void collect(Samples samples) {
        samples.counter(
                "mlog_follower_read_bytes",
                "Bytes of records that Kafka clients have read from a copy that does not lead.",
                (double) api.followerReadBytes());
        samples.gauge(
                "mlog_fetch_sessions",
                "Kafka consumers that fetch in a session.",
                api.fetchSessions());
        samples.gauge(
                "mlog_fetch_session_partitions",
                "Partitions in fetch sessions.",
                api.fetchSessionPartitions());
        samples.counter(
                "mlog_fetch_session_evictions",
                "Fetch sessions that had to make room for others.",
                (double) api.fetchSessionEvictions());
    }
}
