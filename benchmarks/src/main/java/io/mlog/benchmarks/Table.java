package io.mlog.benchmarks;

import io.mlog.benchmarks.KafkaComparison.Measurement;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * The comparison as a Markdown table: the median over the rounds, and in brackets the median of
 * each round's ratio to the first candidate in the same round, which a drift of the machine between
 * rounds does not touch.
 */
final class Table {
    private static final List<Column> COLUMNS =
            List.of(
                    new Column("CPU s", Measurement::cpuSeconds),
                    new Column("rate or value", Measurement::value),
                    new Column("p99 ms", Measurement::p99Ms));

    private final Map<String, Map<String, List<Measurement>>> rows;
    private final String reference;

    private record Column(String title, ToDoubleFunction<Measurement> figure) {}

    private Table(Map<String, Map<String, List<Measurement>>> rows, String reference) {
        this.rows = rows;
        this.reference = reference;
    }

    /**
     * @param rows by what was measured, then by candidate, one measurement for each round
     */
    static String of(Map<String, Map<String, List<Measurement>>> rows, String reference) {
        return new Table(rows, reference).text();
    }

    private String text() {
        StringBuilder out = new StringBuilder("| work | broker |");
        COLUMNS.forEach(column -> out.append(' ').append(column.title).append(" (ratio) |"));
        out.append("\n|---|---|---|---|---|\n");
        rows.forEach((row, candidates) ->
                candidates.keySet().forEach(name -> appendRow(out, row, candidates, name)));
        return out.toString();
    }

    private void appendRow(
            StringBuilder out, String row, Map<String, List<Measurement>> candidates, String name) {
        out.append("| ").append(row).append(" | ").append(name).append(" |");
        List<Measurement> base = candidates.getOrDefault(reference, List.of());
        for (Column column : COLUMNS) {
            String cell = cell(candidates.getOrDefault(name, List.of()), base, column.figure);
            out.append(' ').append(cell).append(" |");
        }
        out.append('\n');
    }

    @SuppressWarnings("ReferenceEquality") // whether it is the reference itself
    private static String cell(
            List<Measurement> all, List<Measurement> base, ToDoubleFunction<Measurement> figure) {
        double value = median(all.stream().mapToDouble(figure).toArray());
        if (Double.isNaN(value)) {
            return "";
        }
        String shown = String.format(Locale.ROOT, value >= 1000 ? "%,.0f" : "%.2f", value);
        if (all == base) {
            return shown;
        }
        double ratio =
                median(
                        IntStream.range(0, Math.min(all.size(), base.size()))
                                .mapToDouble(round ->
                                        figure.applyAsDouble(all.get(round))
                                                / figure.applyAsDouble(base.get(round)))
                                .toArray());
        return Double.isNaN(ratio) ? shown : shown + String.format(Locale.ROOT, " (%.2f×)", ratio);
    }

    /** NaN when there is nothing, or nothing that was measured. */
    private static double median(double[] figures) {
        double[] sorted = figures.clone();
        java.util.Arrays.sort(sorted);
        int middle = sorted.length / 2;
        if (sorted.length == 0) {
            return Double.NaN;
        }
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
