package io.mlog.kafka;

import io.mlog.model.ErrorCode;
import io.mlog.model.MlogException;
import java.nio.ByteBuffer;
import java.util.List;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.types.RawTaggedField;

/**
 * Reads one frame and bounds what it may cost. Whoever parses an array reads its length and then
 * asks how many bytes {@linkplain #remaining remain}, to refuse one that claims more elements than
 * that. This reader counts only a bounded number of bytes as remaining, record batches aside, so
 * that a large frame cannot be parsed into a heap many times its size; and it adds up the lengths,
 * so that no frame has more elements than its reader wants to deal with. One thread, one frame;
 * record batches are views of the frame.
 */
final class RequestReader extends ByteBufferAccessor {
    private final ByteBuffer frame;
    private final int maxStructureBytes;
    private final int maxElements;
    private final int start;
    private int maxOfNextArray;
    private int recordBytes;
    private int lastLength;
    private int elements;

    /**
     * Reads {@code frame}.
     *
     * @param maxOfFirstArray most elements of the first array, when that is less
     */
    RequestReader(ByteBuffer frame, int maxStructureBytes, int maxElements, int maxOfFirstArray) {
        super(frame);
        this.frame = frame;
        this.maxStructureBytes = maxStructureBytes;
        this.maxElements = maxElements;
        this.maxOfNextArray = Math.min(maxElements, maxOfFirstArray);
        this.start = frame.position();
    }

    @Override
    public int readInt() {
        lastLength = super.readInt();
        return lastLength;
    }

    /** Of a compact array this is its length plus 1; of tagged fields, their number. */
    @Override
    public int readUnsignedVarint() {
        int value = super.readUnsignedVarint();
        lastLength = value - 1;
        return value;
    }

    /**
     * The bytes that an array may take.
     *
     * @throws MlogException POLICY_VIOLATION when the array whose length was just read makes the
     *     elements of the frame too many
     */
    @Override
    public int remaining() {
        int length = Math.max(0, lastLength);
        if (length > maxOfNextArray) {
            throw new MlogException(
                    ErrorCode.POLICY_VIOLATION,
                    "an array of "
                            + length
                            + " elements behind "
                            + elements
                            + " others; one frame may have "
                            + (elements + maxOfNextArray)
                            + " in all its arrays, send several");
        }
        elements += length;
        maxOfNextArray = maxElements - elements;
        lastLength = 0;
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
