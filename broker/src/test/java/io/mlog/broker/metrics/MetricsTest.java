package io.mlog.broker.metrics;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class MetricsTest {
    private final Metrics metrics = new Metrics();

    @Test
    void showsRequestsByLanguageAndKindWithTheirLatencies() {
        RequestMetrics requests = new RequestMetrics();
        metrics.add(requests);
        requests.of("json", "Produce").answered(60_000, false);
        requests.of("json", "Produce").answered(2_000_000_000L, true);

        String page = new String(metrics.scrape(), UTF_8);

        assertThat(page)
                .contains("mlog_request_seconds_count{kind=\"Produce\",language=\"json\"} 2")
                .contains(
                        "mlog_request_seconds_bucket{kind=\"Produce\",language=\"json\",le=\"1.0E-4\"} 1")
                .contains("mlog_request_errors_total{kind=\"Produce\",language=\"json\"} 1.0");
    }

    @Test
    void showsTheFiguresOfEverySourceAndOfTheJvm() {
        metrics.add(samples -> samples.gauge("mlog_log_size_bytes", "Size.", 7, "topic", "a"));
        metrics.add(samples -> samples.gauge("mlog_log_size_bytes", "Size.", 8, "topic", "b"));

        assertThat(new String(metrics.scrape(), UTF_8))
                .contains("mlog_log_size_bytes{topic=\"a\"} 7.0")
                .contains("mlog_log_size_bytes{topic=\"b\"} 8.0")
                .contains("jvm_memory_used_bytes");
    }

    @Test
    void aMetricHasOneMeaningOnly() {
        metrics.add(samples -> samples.gauge("mlog_x", "X.", 1));
        metrics.add(samples -> samples.counter("mlog_x", "X.", 1));

        assertThatThrownBy(metrics::scrape)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("mlog_x");
    }
}
