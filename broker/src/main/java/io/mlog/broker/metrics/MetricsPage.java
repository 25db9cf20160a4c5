package io.mlog.broker.metrics;

import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.instrumentation.jvm.JvmMetrics;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/** Renders figures as Prometheus' text format. Loaded by the first scrape, with its library. */
final class MetricsPage {
    private final PrometheusRegistry jvm = new PrometheusRegistry();

    MetricsPage() {
        JvmMetrics.builder().register(jvm);
    }

    byte[] render(Samples samples) {
        List<MetricSnapshot> snapshots = new ArrayList<>();
        samples.families().forEach((name, family) -> snapshots.add(snapshot(name, family)));
        jvm.scrape().forEach(snapshots::add);
        ByteArrayOutputStream out = new ByteArrayOutputStream(16 * 1024);
        try {
            PrometheusTextFormatWriter.create().write(out, new MetricSnapshots(snapshots));
        } catch (IOException impossible) {
            throw new UncheckedIOException("a byte array cannot fail", impossible);
        }
        return out.toByteArray();
    }

    private static MetricSnapshot snapshot(String name, Samples.Family family) {
        return switch (family.type()) {
            case COUNTER -> counter(name, family);
            case GAUGE -> gauge(name, family);
            case HISTOGRAM -> histogram(name, family);
        };
    }

    private static MetricSnapshot counter(String name, Samples.Family family) {
        CounterSnapshot.Builder builder = CounterSnapshot.builder().name(name).help(family.help());
        for (Samples.Sample sample : family.samples()) {
            builder.dataPoint(
                    CounterSnapshot.CounterDataPointSnapshot.builder()
                            .labels(Labels.of(sample.labels()))
                            .value(sample.value())
                            .build());
        }
        return builder.build();
    }

    private static MetricSnapshot gauge(String name, Samples.Family family) {
        GaugeSnapshot.Builder builder = GaugeSnapshot.builder().name(name).help(family.help());
        for (Samples.Sample sample : family.samples()) {
            builder.dataPoint(
                    GaugeSnapshot.GaugeDataPointSnapshot.builder()
                            .labels(Labels.of(sample.labels()))
                            .value(sample.value())
                            .build());
        }
        return builder.build();
    }

    private static MetricSnapshot histogram(String name, Samples.Family family) {
        HistogramSnapshot.Builder builder =
                HistogramSnapshot.builder().name(name).help(family.help());
        for (Samples.Sample sample : family.samples()) {
            Samples.Histogram values = sample.histogram();
            ClassicHistogramBuckets.Builder buckets = ClassicHistogramBuckets.builder();
            for (int i = 0; i < values.bounds().length; i++) {
                buckets.bucket(values.bounds()[i], values.counts()[i]);
            }
            builder.dataPoint(
                    HistogramSnapshot.HistogramDataPointSnapshot.builder()
                            .labels(Labels.of(sample.labels()))
                            .classicHistogramBuckets(buckets.build())
                            .sum(values.sum())
                            .build());
        }
        return builder.build();
    }
}
