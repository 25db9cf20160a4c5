package io.mlog.systemtests.disk;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * How to undo what was done to names and not synced: one file a step, numbered, which is written
 * before the step is taken. What a step replaces or deletes is moved aside until then. Any thread;
 * one lock.
 */
final class ForgottenNames {
    private enum Kind {
        CREATED,
        RENAMED,
        DELETED
    }

    /**
     * @param from the name that was there before; for a creation the new one
     * @param to the name that is there afterwards
     * @param backup what had {@code to} before, if anything had
     */
    private record Step(Path file, Kind kind, Path from, Path to, Path backup) {
        boolean isIn(Path directory) {
            return directory.equals(from.getParent()) || directory.equals(to.getParent());
        }
    }

    private final Path journal;
    private final Path backups;
    private final ForgottenBytes bytes;
    private final List<Step> steps = new ArrayList<>();
    private long next;

    ForgottenNames(Path journal, Path backups, ForgottenBytes bytes) {
        this.bytes = bytes;
        this.journal = journal;
        this.backups = backups;
    }

    /** To be called before it is. */
    synchronized void created(Path path) throws IOException {
        begin(Kind.CREATED, path, path);
    }

    synchronized void rename(Path from, Path to) throws IOException {
        Step step = begin(Kind.RENAMED, from, to);
        if (Files.exists(step.to) && !Files.isDirectory(step.to)) {
            Files.createLink(step.backup, step.to);
        }
        Files.move(
                step.from,
                step.to,
                StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING);
    }

    synchronized void delete(Path path) throws IOException {
        if (!Files.exists(path)) {
            return;
        }
        if (Files.isDirectory(path) && list(path).size() > 0) {
            throw new java.nio.file.DirectoryNotEmptyException(path.toString());
        }
        Step step = begin(Kind.DELETED, path, path);
        Files.move(step.from, step.backup, StandardCopyOption.ATOMIC_MOVE);
    }

    private Step begin(Kind kind, Path from, Path to) throws IOException {
        String number = String.format(Locale.ROOT, "%012d", next++);
        Step step =
                new Step(
                        journal.resolve(number),
                        kind,
                        from.toAbsolutePath().normalize(),
                        to.toAbsolutePath().normalize(),
                        backups.resolve(number));
        Files.writeString(step.file, kind + "\n" + step.from + "\n" + step.to + "\n");
        steps.add(step);
        return step;
    }

    /** What was done in the directory stays. */
    synchronized void synced(Path directory) {
        Path synced = directory.toAbsolutePath().normalize();
        steps.removeIf(step -> step.isIn(synced) && settled(step));
    }

    private boolean settled(Step step) {
        try {
            Files.delete(step.file);
            if (Files.exists(step.backup)) {
                bytes.gone(step.backup);
                Files.delete(step.backup);
            }
            return true;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Takes the steps back that an earlier process left, the newest first.
     *
     * @return how many
     */
    synchronized int undo() throws IOException {
        List<Path> left = list(journal);
        left.sort(Comparator.reverseOrder());
        for (Path file : left) {
            List<String> lines = Files.readAllLines(file);
            if (lines.size() == 3) {
                undo(
                        new Step(
                                file,
                                Kind.valueOf(lines.get(0)),
                                Path.of(lines.get(1)),
                                Path.of(lines.get(2)),
                                backups.resolve(String.valueOf(file.getFileName()))));
            }
            Files.delete(file);
        }
        for (Path backup : list(backups)) {
            Files.delete(backup);
        }
        return left.size();
    }

    private static void undo(Step step) throws IOException {
        switch (step.kind) {
            case CREATED -> deleteTree(step.to);
            case RENAMED -> {
                if (!Files.exists(step.from)) {
                    Files.move(step.to, step.from, StandardCopyOption.ATOMIC_MOVE);
                    restore(step);
                }
            }
            case DELETED -> restore(step);
        }
    }

    private static void deleteTree(Path path) throws IOException {
        if (Files.isDirectory(path)) {
            for (Path child : list(path)) {
                deleteTree(child);
            }
        }
        Files.deleteIfExists(path);
    }

    private static void restore(Step step) throws IOException {
        if (Files.exists(step.backup)) {
            Files.move(step.backup, step.kind == Kind.RENAMED ? step.to : step.from);
        }
    }

    private static List<Path> list(Path directory) throws IOException {
        try (Stream<Path> children = Files.list(directory)) {
            return new ArrayList<>(children.toList());
        }
    }
}
