package io.mlog.storage;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import org.jspecify.annotations.Nullable;

/**
 * An open file of a {@link FileStore}, used by position and by many threads at once. Closing it
 * more than once does nothing.
 */
public interface StoreFile extends Closeable {
    /** Present size in bytes. */
    long size() throws IOException;

    /**
     * Writes all that remains in {@code source} at {@code position}, growing the file. When it
     * fails, a part may have been written.
     *
     * @throws NoSpaceException when the disk is full
     */
    void write(ByteBuffer source, long position) throws IOException;

    /**
     * Fills {@code target} from {@code position} until it is full or the file ends.
     *
     * @return bytes read, 0 at or beyond the end of the file
     */
    int read(ByteBuffer target, long position) throws IOException;

    /** Cuts the file to {@code size} bytes; does nothing when it is not longer. */
    void truncate(long size) throws IOException;

    /**
     * Makes the bytes written so far durable, and the size that is needed to read them. A failure
     * is final: the operating system may have dropped the bytes and would report a second try as a
     * success.
     */
    void force() throws IOException;

    /**
     * The first {@code size} bytes as read-only memory, which stays readable after the file is
     * closed or unlinked. The file must never be cut below that size.
     */
    ByteBuffer map(long size) throws IOException;

    /**
     * Whether reading these bytes, which the file has, would not wait for the disk, as far as the
     * operating system tells. Does not block and reads nothing.
     */
    boolean isInMemory(long position, int bytes) throws IOException;

    /** The operating system's file for zero-copy sending, or null when this is not one. */
    @Nullable FileChannel channel();

    @Override
    void close() throws IOException;
}
