package io.mlog.cli.files;

import io.mlog.cli.terminal.JsonText;
import io.mlog.cli.terminal.Output;
import io.mlog.storage.CheckListener;
import io.mlog.storage.CheckTotals;
import io.mlog.storage.Damage;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;

/** Prints what a check finds, a line each, and how far it is to a person who waits. */
final class FindingPrinter implements CheckListener {
    private final PrintWriter out;
    private final PrintWriter err;
    private final Output form;
    private final boolean watched;
    private boolean progressShown;

    /**
     * @param watched whether {@code err} is a terminal
     */
    FindingPrinter(PrintWriter out, PrintWriter err, Output form, boolean watched) {
        this.out = out;
        this.err = err;
        this.form = form;
        this.watched = watched;
    }

    @Override
    public void finding(Damage damage) {
        print("finding", "", damage);
    }

    @Override
    public void note(Damage damage) {
        print("note", "note: ", damage);
    }

    @Override
    public void progress(long checkedBytes) {
        if (watched) {
            err.printf(Locale.ROOT, "\r%.1f GB of log checked", checkedBytes / 1e9);
            err.flush();
            progressShown = true;
        }
    }

    private void print(String type, String prefix, Damage damage) {
        endProgress();
        switch (form) {
            case PLAIN -> out.println(prefix + damage);
            case JSON -> out.println(JsonText.of(json(type, damage)));
        }
        out.flush();
    }

    private static Map<String, Object> json(String type, Damage damage) {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("type", type);
        object.put("file", damage.file());
        object.put("position", damage.position());
        object.put(
                "offset",
                damage.offset() < 0 ? OptionalLong.empty() : OptionalLong.of(damage.offset()));
        object.put("expected", damage.expected());
        object.put("found", damage.found());
        return object;
    }

    /** Writes the summary. */
    void finish(CheckTotals totals) {
        endProgress();
        switch (form) {
            case PLAIN -> out.println(summary(totals));
            case JSON -> out.println(JsonText.of(json(totals)));
        }
        out.flush();
    }

    private static String summary(CheckTotals totals) {
        return "%s: %d partitions, %d segments, %d batches, %d bytes of log; %d findings, %d notes"
                .formatted(
                        totals.findings() == 0 ? "sound" : "damaged",
                        totals.partitions(),
                        totals.segments(),
                        totals.batches(),
                        totals.bytes(),
                        totals.findings(),
                        totals.notes());
    }

    private static Map<String, Object> json(CheckTotals totals) {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("type", "summary");
        object.put("partitions", totals.partitions());
        object.put("segments", totals.segments());
        object.put("batches", totals.batches());
        object.put("bytes", totals.bytes());
        object.put("findings", totals.findings());
        object.put("notes", totals.notes());
        return object;
    }

    private void endProgress() {
        if (progressShown) {
            err.println();
            err.flush();
            progressShown = false;
        }
    }
}
