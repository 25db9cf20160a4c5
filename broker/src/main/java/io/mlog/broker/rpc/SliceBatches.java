package io.mlog.broker.rpc;

import io.mlog.model.ErrorCode;
import io.mlog.model.MlogException;
import io.mlog.records.BatchHeader;
import io.mlog.records.RecordsSlice;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Walks the batches of a slice, reading as far as it is asked and {@value #PIECE_BYTES} bytes at a
 * time (or a whole batch when that is larger). What was shown stays as it is: each piece has memory
 * of its own. One thread; the slice stays its caller's.
 */
final class SliceBatches {
    static final int PIECE_BYTES = 128 * 1024;

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final RecordsSlice slice;

    /** Bytes of the slice from {@code pieceStart} on. */
    private ByteBuffer piece = NOTHING;

    private int pieceStart;
    private int batchStart;
    private int batchBytes;

    SliceBatches(RecordsSlice slice) {
        this.slice = slice;
    }

    /**
     * Moves on to the next batch; false when there is none.
     *
     * @throws IOException when the disk cannot be read
     * @throws MlogException CORRUPT_MESSAGE when the length of the next batch cannot be
     */
    boolean next() throws IOException {
        batchStart += batchBytes;
        batchBytes = 0;
        if (batchStart >= slice.sizeBytes()) {
            return false;
        }
        need(BatchHeader.SIZE);
        batchBytes = checkedSize();
        need(batchBytes);
        return true;
    }

    /** The bytes that the present batch is in. */
    ByteBuffer buffer() {
        return piece;
    }

    /** Index of the present batch's first byte in {@link #buffer}. */
    int at() {
        return batchStart - pieceStart;
    }

    private int checkedSize() {
        long size = BatchHeader.batchLength(piece, at()) + (long) BatchHeader.LOG_OVERHEAD;
        int left = slice.sizeBytes() - batchStart;
        if (size < BatchHeader.SIZE || size > left) {
            throw new MlogException(
                    ErrorCode.CORRUPT_MESSAGE,
                    "a record batch of the log says it has %d bytes where %d to %d are possible"
                            .formatted(size, BatchHeader.SIZE, left));
        }
        return (int) size;
    }

    /** Sees to it that {@code bytes} bytes from the batch's start on are in the piece. */
    private void need(int bytes) throws IOException {
        if (at() + bytes <= piece.limit()) {
            return;
        }
        int left = slice.sizeBytes() - batchStart;
        if (bytes > left) {
            throw new MlogException(
                    ErrorCode.CORRUPT_MESSAGE,
                    "the log ends %d bytes into a record batch that needs %d"
                            .formatted(left, bytes));
        }
        ByteBuffer next = ByteBuffer.allocate(Math.min(left, Math.max(bytes, PIECE_BYTES)));
        slice.read(batchStart, next);
        next.flip();
        piece = next;
        pieceStart = batchStart;
        if (piece.limit() < bytes) {
            throw new IOException(
                    "%d bytes were read where %d are wanted".formatted(piece.limit(), bytes));
        }
    }
}
