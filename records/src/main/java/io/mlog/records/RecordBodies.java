package io.mlog.records;

import java.nio.ByteBuffer;

/**
 * The records of a batch one after the other, still encoded: each a buffer from the attributes on,
 * without the leading length.
 */
sealed interface RecordBodies permits PlainRecords, StreamedRecords {
    /**
     * The next record, good until the next call.
     *
     * @throws RecordFormatException when the bytes end or cannot be a record
     */
    ByteBuffer next();

    /** Whether all bytes have been read. */
    boolean atEnd();

    /** Gives memory outside the heap back; again does nothing. */
    void close();
}
