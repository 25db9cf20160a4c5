package io.mlog.kafka;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.MessageSizeAccumulator;
import org.apache.kafka.common.protocol.ObjectSerializationCache;
import org.apache.kafka.common.record.internal.BaseRecords;

/**
 * Writes one response frame: everything but records into one buffer of the exact size, cut where
 * {@link SliceRecords} lie in between. Records are never read. One thread, one frame.
 */
final class FrameWriter extends ByteBufferAccessor {
    private static final int LENGTH_BYTES = 4;
    private static final int CORRELATION_ID_BYTES = 4;

    private final ByteBuffer buffer;
    private final List<ReplyPart> parts = new ArrayList<>();
    private int cutAt;

    private FrameWriter(ByteBuffer buffer) {
        super(buffer);
        this.buffer = buffer;
    }

    /**
     * The frame's parts, length included.
     *
     * @param flexibleHeader whether the response header ends with tagged fields (none are sent)
     */
    static List<ReplyPart> frame(
            int correlationId, boolean flexibleHeader, ApiMessage response, short version) {
        ObjectSerializationCache cache = new ObjectSerializationCache();
        MessageSizeAccumulator body = new MessageSizeAccumulator();
        response.addSize(body, cache, version);
        ByteBuffer buffer =
                begun(
                        correlationId,
                        flexibleHeader,
                        body.totalSize(),
                        body.sizeExcludingZeroCopy());
        FrameWriter writer = new FrameWriter(buffer);
        response.write(writer, cache, version);
        return writer.parts();
    }

    /** The frame around a body in memory, from position to limit, which is copied. */
    static ReplyPart.Bytes frame(int correlationId, boolean flexibleHeader, ByteBuffer body) {
        int size = body.remaining();
        ByteBuffer buffer = begun(correlationId, flexibleHeader, size, size);
        return new ReplyPart.Bytes(buffer.put(body.duplicate()).flip());
    }

    /** A buffer with length and header in it, and room for the part of the body that is copied. */
    private static ByteBuffer begun(
            int correlationId, boolean flexibleHeader, int bodyBytes, int copiedBytes) {
        int headerBytes = CORRELATION_ID_BYTES + (flexibleHeader ? 1 : 0);
        ByteBuffer buffer = ByteBuffer.allocate(LENGTH_BYTES + headerBytes + copiedBytes);
        buffer.putInt(Math.addExact(headerBytes, bodyBytes)).putInt(correlationId);
        if (flexibleHeader) {
            buffer.put((byte) 0);
        }
        return buffer;
    }

    @Override
    public void writeRecords(BaseRecords records) {
        if (records instanceof SliceRecords slice) {
            cut();
            parts.add(new ReplyPart.Records(slice.slice()));
        } else if (records.sizeInBytes() > 0) {
            throw new IllegalStateException(
                    "records in memory (" + records.sizeInBytes() + " bytes) in a response");
        }
    }

    private List<ReplyPart> parts() {
        if (buffer.hasRemaining()) {
            throw new IllegalStateException(
                    buffer.remaining() + " bytes of a response's declared size were not written");
        }
        if (parts.isEmpty()) {
            return List.of(new ReplyPart.Bytes(buffer.flip()));
        }
        cut();
        return parts;
    }

    private void cut() {
        int end = buffer.position();
        if (end > cutAt) {
            parts.add(new ReplyPart.Bytes(buffer.slice(cutAt, end - cutAt)));
            cutAt = end;
        }
    }
}
