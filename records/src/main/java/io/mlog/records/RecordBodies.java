package io.mlog.records;

import io.mlog.model.ErrorCode;
import io.mlog.model.MlogException;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * The records of a batch one after the other, still encoded: each a buffer from the attributes on,
 * without the leading length.
 */
sealed interface RecordBodies permits PlainRecords, StreamedRecords {
    /**
     * Those of the batch at index {@code at}, whose checksum was checked.
     *
     * @param maxDecompressedBytes most bytes that compressed records may decompress to
     * @throws MlogException CORRUPT_MESSAGE when they cannot be decompressed,
     *     UNSUPPORTED_COMPRESSION_TYPE when the codec cannot be loaded
     */
    static RecordBodies of(ByteBuffer buffer, int at, int maxDecompressedBytes) {
        int from = at + BatchHeader.SIZE;
        int length = BatchHeader.sizeBytes(buffer, at) - BatchHeader.SIZE;
        ByteBuffer records = buffer.slice(from, length);
        Codec codec = Codec.of(BatchHeader.codecId(buffer, at));
        if (codec == Codec.NONE) {
            return new PlainRecords(records);
        }
        byte[] bytes;
        int offset = 0;
        if (records.hasArray()) {
            bytes = records.array();
            offset = records.arrayOffset();
        } else {
            bytes = new byte[length];
            records.get(bytes);
        }
        try {
            return new StreamedRecords(
                    Decompressor.open(codec, bytes, offset, length, maxDecompressedBytes),
                    maxDecompressedBytes);
        } catch (IOException e) {
            throw new MlogException(
                    ErrorCode.CORRUPT_MESSAGE,
                    "the record batch with base offset "
                            + BatchHeader.baseOffset(buffer, at)
                            + " cannot be decompressed as "
                            + codec
                            + ": "
                            + e);
        }
    }

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
