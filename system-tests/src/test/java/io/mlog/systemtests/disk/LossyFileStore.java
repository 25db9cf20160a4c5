package io.mlog.systemtests.disk;

import io.mlog.storage.StoreFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Real files of a process that lose what was not forced when it is killed, as a disk does when the
 * power fails.
 *
 * <p>Everything is written to the real files at once, so reads, mappings and sendfile find what
 * they would find in a page cache. What it takes to undo that is kept in a directory beside: the
 * bytes and sizes of files since their last {@code force}, the names of directories since their
 * last sync. {@link #on} undoes what the process before left there. A force only forgets how to
 * undo: the real disk is not waited for. Any thread.
 *
 * <p>All that the storage room writes goes through here: records, indexes, checkpoints, identity,
 * and every name. The metadata log does not: Ratis opens its files (in {@code raft}) by itself, so
 * they keep what was written, as after a kill without a loss of power.
 */
final class LossyFileStore extends OverRealFiles {
    /** Begins the line about what was lost. */
    static final String LOST = "the disk has lost ";

    private static final String RECORDS = ".log";

    private final ForgottenBytes bytes;
    private final ForgottenNames names;
    private final boolean deaf;

    private LossyFileStore(ForgottenBytes bytes, ForgottenNames names, boolean deaf) {
        this.bytes = bytes;
        this.names = names;
        this.deaf = deaf;
    }

    /**
     * The directory as the disk has it after the process that used it was killed. Says on stderr
     * what was lost.
     *
     * @param deaf whether the disk says that records are forced when they are not
     */
    static LossyFileStore on(Path dataDir, boolean deaf) throws IOException {
        Path beside = dataDir.resolveSibling(dataDir.getFileName() + ".undo");
        Path backups = Files.createDirectories(beside.resolve("backups"));
        ForgottenBytes bytes = new ForgottenBytes(Files.createDirectories(beside.resolve("bytes")));
        ForgottenNames names =
                new ForgottenNames(
                        Files.createDirectories(beside.resolve("names")), backups, bytes);
        long lost = bytes.undo(List.of(dataDir, backups));
        System.err.println(LOST + lost + " bytes and " + names.undo() + " changes of names");
        return new LossyFileStore(bytes, names, deaf);
    }

    @Override
    public StoreFile open(Path file, Open how) throws IOException {
        if (how == Open.CREATE && !Files.exists(file)) {
            names.created(file);
        }
        StoreFile opened = real.open(file, how);
        return how == Open.READ
                ? opened
                : new LossyFile(opened, bytes.of(file), deaf && file.toString().endsWith(RECORDS));
    }

    @Override
    public void createDirectories(Path directory) throws IOException {
        Path parent = directory.toAbsolutePath().getParent();
        if (parent != null && !Files.exists(directory)) {
            createDirectories(parent);
            names.created(directory);
        }
        real.createDirectories(directory);
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
        names.rename(from, to);
    }

    @Override
    public void delete(Path path) throws IOException {
        names.delete(path);
    }

    @Override
    public void syncDirectory(Path directory) {
        names.synced(directory);
    }
}
