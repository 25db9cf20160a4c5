package io.mlog.storage;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * Everything this room does to a disk. {@link RealFileStore} is the operating system's; the fakes
 * of {@code io.mlog.storage.fake} fail on demand.
 *
 * <p>Durability is the disk's, not the page cache's: bytes survive a loss of power after {@link
 * StoreFile#force}, a name (created, renamed, deleted) after {@link #syncDirectory} of the
 * directory that holds it. All calls block; none may be interrupted, since an interrupt closes the
 * file for every other thread. Implementations are safe for use by many threads.
 */
public interface FileStore {
    /** How to open a file. */
    enum Open {
        /** For reading; the file must exist. */
        READ,
        /** For reading and writing; the file must exist. */
        WRITE,
        /** For reading and writing; the file must not exist. */
        CREATE
    }

    /**
     * Opens a file.
     *
     * @throws java.nio.file.NoSuchFileException when it is missing
     * @throws java.nio.file.FileAlreadyExistsException when it must not exist
     * @throws NoSpaceException when there is no room for it
     */
    StoreFile open(Path file, Open how) throws IOException;

    /** Whether a file or directory has this name. */
    boolean exists(Path path);

    /** Whether a directory has this name. */
    boolean isDirectory(Path path);

    /** The children of a directory, sorted by name. */
    List<Path> list(Path directory) throws IOException;

    /** Creates a directory and the missing ones above it; does nothing when it exists. */
    void createDirectories(Path directory) throws IOException;

    /** Gives a file or directory another name, replacing a file that has it, in one step. */
    void rename(Path from, Path to) throws IOException;

    /** Deletes a file or an empty directory; does nothing when it is missing. */
    void delete(Path path) throws IOException;

    /** Makes the names in a directory durable. */
    void syncDirectory(Path directory) throws IOException;

    /** Time of the last write to a file, in ms since the epoch. */
    long lastModifiedMs(Path file) throws IOException;

    /**
     * Makes a file look last written at that time, in ms since the epoch. Survives a loss of power
     * perhaps.
     */
    void lastModifiedMs(Path file, long timeMs) throws IOException;

    /** Bytes that can still be written to the disk that holds {@code path}. */
    long usableBytes(Path path) throws IOException;

    /** Size of the disk that holds {@code path}. */
    long totalBytes(Path path) throws IOException;

    /**
     * Takes a file as a lock among processes and within this one, creating it when missing.
     *
     * @return held until closed
     * @throws IOException when another holds it; the message says so
     */
    Closeable lock(Path file) throws IOException;

    /** Deletes a directory with everything in it; does nothing when it is missing. */
    default void deleteTree(Path path) throws IOException {
        if (isDirectory(path)) {
            for (Path child : list(path)) {
                deleteTree(child);
            }
        }
        delete(path);
    }
}
