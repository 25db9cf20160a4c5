package io.mlog.broker.metrics;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** Every figure that this broker shows. Any thread. */
public final class Metrics {
    /** The media type of {@link #scrape}. */
    public static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

    private final List<MetricSource> sources = new CopyOnWriteArrayList<>();
    private @Nullable MetricsPage page; // guarded by this

    /** Shows the figures of {@code source} from now on. */
    public void add(MetricSource source) {
        sources.add(source);
    }

    /** All figures in Prometheus' text format, those of the JVM included. */
    public synchronized byte[] scrape() {
        MetricsPage renderer = page;
        if (renderer == null) {
            renderer = new MetricsPage();
            page = renderer;
        }
        Samples samples = new Samples();
        sources.forEach(source -> source.collect(samples));
        return renderer.render(samples);
    }
}
