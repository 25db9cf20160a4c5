package io.mlog.broker.compaction;

import io.mlog.storage.CompactionReport;

/** What the compactions of this life came to. The compacting thread counts, any thread reads. */
final class CompactionStats {
    /**
     * Figures of a moment.
     *
     * @param lastEndNanos by {@link System#nanoTime}, 0 when there was none
     */
    record Figures(
            long runs,
            long failedRuns,
            long readBytes,
            long writtenBytes,
            long nanos,
            long lastNanos,
            long lastEndNanos) {}

    private volatile Figures figures = new Figures(0, 0, 0, 0, 0, 0, 0);

    /** A compaction has ended. */
    void ran(CompactionReport report, long nanos, long nowNanos) {
        Figures before = figures;
        boolean done = report.end() == CompactionReport.End.DONE;
        figures =
                new Figures(
                        before.runs + 1,
                        before.failedRuns + (done ? 0 : 1),
                        before.readBytes + report.readBytes(),
                        before.writtenBytes + report.writtenBytes(),
                        before.nanos + nanos,
                        nanos,
                        nowNanos);
    }

    Figures figures() {
        return figures;
    }
}
