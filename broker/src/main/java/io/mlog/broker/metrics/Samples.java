package io.mlog.broker.metrics;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The figures of one scrape, gathered by metric name. Labels are given as name, value, name, value,
 * … and must be the same names for every figure of a metric. Used by one thread.
 */
public final class Samples {
    /** What a metric's figures mean. */
    enum Type {
        COUNTER,
        GAUGE,
        HISTOGRAM
    }

    /** The figures of one metric. */
    record Family(Type type, String help, List<Sample> samples) {}

    /** One figure: {@code value} for counters and gauges, {@code histogram} otherwise. */
    record Sample(String[] labels, double value, Histogram histogram) {}

    /**
     * A distribution.
     *
     * @param bounds upper bounds of the buckets, rising, the last one infinite
     * @param counts of each bucket alone
     */
    public record Histogram(double[] bounds, long[] counts, double sum) {
        private static final Histogram NONE = new Histogram(new double[0], new long[0], 0);
    }

    private final Map<String, Family> families = new TreeMap<>();

    /** Adds a figure that only grows; its shown name gets the suffix {@code _total}. */
    public void counter(String name, String help, double value, String... labels) {
        add(name, Type.COUNTER, help, new Sample(labels, value, Histogram.NONE));
    }

    /** Adds a figure that goes up and down. */
    public void gauge(String name, String help, double value, String... labels) {
        add(name, Type.GAUGE, help, new Sample(labels, value, Histogram.NONE));
    }

    /** Adds a distribution. */
    public void histogram(String name, String help, Histogram histogram, String... labels) {
        add(name, Type.HISTOGRAM, help, new Sample(labels, 0, histogram));
    }

    private void add(String name, Type type, String help, Sample sample) {
        Family family =
                families.computeIfAbsent(name, key -> new Family(type, help, new ArrayList<>()));
        if (family.type != type) {
            throw new IllegalStateException(
                    "metric " + name + " is a " + family.type + " and cannot be a " + type);
        }
        family.samples.add(sample);
    }

    Map<String, Family> families() {
        return families;
    }
}
