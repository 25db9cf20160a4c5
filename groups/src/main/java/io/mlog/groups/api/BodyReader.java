package io.mlog.groups.api;

import java.nio.ByteBuffer;
import java.util.List;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.types.RawTaggedField;

/**
 * Reads one request body and bounds what it may cost. Whoever parses an array reads its length and
 * then asks how many bytes {@linkplain #remaining remain}: here all lengths are added up, and too
 * many elements are refused before they are made. One thread, one body.
 */
final class BodyReader extends ByteBufferAccessor {
    private final int maxElements;
    private int lastLength;
    private int elements;

    BodyReader(ByteBuffer body, int maxElements) {
        super(body);
        this.maxElements = maxElements;
    }

    @Override
    public int readInt() {
        lastLength = super.readInt();
        return lastLength;
    }

    /** Of a compact array this is its length plus 1. */
    @Override
    public int readUnsignedVarint() {
        int value = super.readUnsignedVarint();
        lastLength = value - 1;
        return value;
    }

    @Override
    public int remaining() {
        count(Math.max(0, lastLength));
        lastLength = 0;
        return super.remaining();
    }

    @Override
    public List<RawTaggedField> readUnknownTaggedField(
            List<RawTaggedField> fields, int tag, int sizeBytes) {
        count(1);
        return super.readUnknownTaggedField(fields, tag, sizeBytes);
    }

    private void count(int more) {
        if (more > maxElements - elements) {
            throw new IllegalArgumentException(
                    more
                            + " elements behind "
                            + elements
                            + " others, a request of this kind may have "
                            + maxElements);
        }
        elements += more;
    }
}
