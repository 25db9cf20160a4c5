package io.mlog.storage;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What a check of a directory told. */
final class Heard implements CheckListener {
    final List<Damage> findings = new ArrayList<>();
    final List<Damage> notes = new ArrayList<>();
    CheckTotals totals = new CheckTotals(0, 0, 0, 0, 0, 0);

    static Heard checking(FileStore store, Path root) throws IOException {
        Heard heard = new Heard();
        heard.totals = new DirectoryCheck(store, root, heard).run();
        return heard;
    }

    static Heard checking(Disk disk) throws IOException {
        return checking(disk.store, Disk.ROOT);
    }

    @Override
    public void finding(Damage damage) {
        findings.add(damage);
    }

    @Override
    public void note(Damage damage) {
        notes.add(damage);
    }
}
