package io.mlog.kafka;

import java.nio.ByteBuffer;
import java.util.List;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.types.RawTaggedField;

/**
 * Reads one request. Kafka's message classes refuse an array that claims more elements than bytes
 * {@linkplain #remaining remain}; this reader counts only a bounded number of bytes as remaining,
 * record batches aside, so that a large frame cannot be parsed into a heap many times its size. One
 * thread, one request; record batches are views of the frame.
 */
final class RequestReader extends ByteBufferAccessor {
    private final ByteBuffer frame;
    private final int maxStructureBytes;
    private final int start;
    private int recordBytes;

    RequestReader(ByteBuffer frame, int maxStructureBytes) {
        super(frame);
        this.frame = frame;
        this.maxStructureBytes = maxStructureBytes;
        this.start = frame.position();
    }

    @Override
    public int remaining() {
        return Math.min(frame.remaining(), structureBytesLeft());
    }

    @Override
    public ByteBuffer readByteBuffer(int sizeBytes) {
        if (sizeBytes < 0 || sizeBytes > frame.remaining()) {
            throw new IllegalArgumentException(
                    sizeBytes + " bytes of records, but " + frame.remaining() + " are left");
        }
        recordBytes += sizeBytes;
        return super.readByteBuffer(sizeBytes);
    }

    @Override
    public List<RawTaggedField> readUnknownTaggedField(
            List<RawTaggedField> fields, int tag, int sizeBytes) {
        if (sizeBytes < 0 || structureBytesLeft() < sizeBytes) {
            throw new IllegalArgumentException(
                    "tagged field "
                            + tag
                            + " of "
                            + sizeBytes
                            + " bytes passes the limit of "
                            + maxStructureBytes
                            + " bytes besides records");
        }
        return super.readUnknownTaggedField(fields, tag, sizeBytes);
    }

    private int structureBytesLeft() {
        return maxStructureBytes - (frame.position() - start - recordBytes);
    }
}
