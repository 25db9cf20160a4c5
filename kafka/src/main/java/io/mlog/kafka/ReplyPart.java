package io.mlog.kafka;

import io.mlog.records.RecordsSlice;
import java.nio.ByteBuffer;

/** A piece of a response frame. */
public sealed interface ReplyPart {
    /** How many bytes it puts on the wire; more than 0. */
    int sizeBytes();

    /**
     * Bytes in memory.
     *
     * @param bytes from position to limit; a heap buffer nobody else writes to
     */
    record Bytes(ByteBuffer bytes) implements ReplyPart {
        @Override
        public int sizeBytes() {
            return bytes.remaining();
        }
    }

    /** Records in a file. Whoever holds this releases the slice once, sent or not. */
    record Records(RecordsSlice slice) implements ReplyPart {
        @Override
        public int sizeBytes() {
            return slice.sizeBytes();
        }
    }
}
