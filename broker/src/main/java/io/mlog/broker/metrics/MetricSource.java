package io.mlog.broker.metrics;

/** Something whose present figures can be asked for. */
@FunctionalInterface
public interface MetricSource {
    /** Hands the present figures in; called for each scrape, on any thread, and does not block. */
    void collect(Samples samples);
}
