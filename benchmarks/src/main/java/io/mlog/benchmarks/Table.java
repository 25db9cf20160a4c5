package io.mlog.benchmarks;

import io.mlog.benchmarks.KafkaComparison.Measurement;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** The comparison as a Markdown table: medians, and ratios to the first candidate in brackets. */
final class Table {
    private Table() {}

    static String of(Map<String, Map<String, List<Measurement>>> rows, String reference) {
        StringBuilder out = new StringBuilder();
        out.append("| work | broker | CPU s (ratio) | rate or value (ratio) | p99 ms (ratio) |\n");
        out.append("|---|---|---|---|---|\n");
        rows.forEach((row, candidates) ->
                candidates.forEach((name, all) ->
                        out.append(
                                "| %s | %s | %s | %s | %s |%n"
                                        .formatted(
                                                row,
                                                name,
                                                cell(
                                                        candidates,
                                                        name,
                                                        reference,
                                                        Measurement::cpuSeconds),
                                                cell(
                                                        candidates,
                                                        name,
                                                        reference,
                                                        Measurement::recordsPerSecond),
                                                cell(
                                                        candidates,
                                                        name,
                                                        reference,
                                                        Measurement::p99Ms)))));
        return out.toString();
    }

    private static String cell(
            Map<String, List<Measurement>> candidates,
            String name,
            String reference,
            ToDoubleFunction<Measurement> figure) {
        double value = median(candidates.getOrDefault(name, List.of()), figure);
        if (Double.isNaN(value) || value < 0) {
            return "";
        }
        double base = median(candidates.getOrDefault(reference, List.of()), figure);
        String shown = value >= 1000 ? "%,.0f".formatted(value) : "%.2f".formatted(value);
        return name.equals(reference) || Double.isNaN(base)
                ? shown
                : shown + " (%.2fx)".formatted(value / base);
    }

    private static double median(List<Measurement> all, ToDoubleFunction<Measurement> figure) {
        double[] sorted = all.stream().mapToDouble(figure).sorted().toArray();
        return sorted.length == 0 ? Double.NaN : sorted[sorted.length / 2];
    }
}
