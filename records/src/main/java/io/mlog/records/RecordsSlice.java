package io.mlog.records;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import org.jspecify.annotations.Nullable;

/**
 * A run of whole record batches in a log, not yet read into memory. The receiver owns it and
 * releases it exactly once, from any thread; until then the bytes stay readable even when the
 * segment is deleted.
 */
public interface RecordsSlice {
    /** No records. */
    RecordsSlice EMPTY = new EmptyRecordsSlice();

    /** How many bytes it has; may be 0. */
    int sizeBytes();

    /**
     * The file to send from ({@link #filePosition}, {@link #sizeBytes}), or null when there is
     * none.
     */
    @Nullable FileChannel fileChannel();

    /** Position of the first byte in {@link #fileChannel}, in bytes. */
    long filePosition();

    /**
     * Fills {@code target} from byte {@code from} of this slice until target or slice ends; may
     * block on the disk.
     *
     * @throws IOException when the disk cannot be read
     */
    void read(int from, ByteBuffer target) throws IOException;

    /**
     * Sees to it that the bytes are in memory, so that sending and reading them soon does not wait
     * for the disk. Blocks on it meanwhile.
     *
     * @throws IOException when the disk cannot be read
     */
    void load() throws IOException;

    /** Gives the slice back. */
    void release();
}
