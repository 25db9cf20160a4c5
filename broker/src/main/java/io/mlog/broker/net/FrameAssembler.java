package io.mlog.broker.net;

import io.mlog.protocol.Frame;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Cuts one connection's bytes into frames. Owner: the connection's event loop.
 *
 * <p>A frame that came whole within one read is shown where it lies. One that spans reads is
 * gathered in a buffer of its own, which grows with what has really arrived: never beyond {@value
 * #GROWTH} times that, and never beyond the frame. Announcing a long frame therefore costs us
 * nothing; and {@link #target} lets the socket read straight into that buffer.
 *
 * <p>Holds no buffer while it waits for the next frame to begin.
 */
final class FrameAssembler {
    /** Capacity of a partial frame over the bytes that have arrived of it. */
    static final int GROWTH = 4;

    private final ByteBufAllocator allocator;
    private final FrameBudget budget;
    private final int maxFrameBytes;

    /** Bytes received and not yet looked at. */
    private @Nullable ByteBuf received;

    /** The frame being gathered, or gathered and lent out. */
    private @Nullable ByteBuf partial;

    private int partialLength;

    /** What {@link #partial} took from the budget. */
    private int budgetBytes;

    /** Bytes of a length that arrived in pieces, and how many. */
    private int lengthSoFar;

    private int lengthBytes;

    FrameAssembler(ByteBufAllocator allocator, FrameBudget budget, int maxFrameBytes) {
        this.allocator = allocator;
        this.budget = budget;
        this.maxFrameBytes = maxFrameBytes;
    }

    /** The buffer that the next bytes may be read into directly; null: any other. */
    @Nullable ByteBuf target() {
        return received == null
                        && partial != null
                        && partial.writerIndex() < partialLength
                        && partial.isWritable()
                ? partial
                : null;
    }

    /** Takes bytes over; they may be {@link #target} itself, with bytes appended. */
    @SuppressWarnings("ReferenceEquality") // The same buffer is meant, not one with equal bytes.
    void feed(ByteBuf bytes) {
        if (bytes == partial || !bytes.isReadable()) {
            bytes.release();
        } else if (received == null) {
            received = bytes;
        } else {
            received = joined(received, bytes);
        }
    }

    /**
     * The next whole frame's payload, or null when more bytes are needed. It may be written to, and
     * is lent until the next call of any method here.
     *
     * @throws BadFrameException when the stream cannot be followed any further
     */
    @Nullable ByteBuffer next() throws BadFrameException {
        if (partial != null) {
            return nextOfPartial(partial);
        }
        int length = readLength();
        if (length < 0) {
            return null;
        }
        ByteBuf in = received;
        if (in != null && in.readableBytes() >= length) {
            int at = in.readerIndex();
            in.skipBytes(length);
            return in.nioBuffer(at, length);
        }
        beginPartial(length);
        return null;
    }

    /** Whether a frame has begun that is not whole yet. */
    boolean isInsideFrame() {
        return lengthBytes > 0 || (partial != null && partial.writerIndex() < partialLength);
    }

    /** How many bytes of an unfinished frame have arrived. */
    int unfinishedBytes() {
        return partial == null || partial.writerIndex() == partialLength
                ? 0
                : partial.writerIndex();
    }

    /** Drops everything. Idempotent. */
    void close() {
        if (received != null) {
            received.release();
            received = null;
        }
        releasePartial();
    }

    private @Nullable ByteBuffer nextOfPartial(ByteBuf frame) throws BadFrameException {
        if (frame.writerIndex() == partialLength && frame.readerIndex() == partialLength) {
            releasePartial();
            return next();
        }
        fillPartial(frame);
        if (frame.writerIndex() < partialLength) {
            return null;
        }
        frame.readerIndex(partialLength);
        return frame.nioBuffer(0, partialLength);
    }

    private void beginPartial(int length) throws BadFrameException {
        int have = received == null ? 0 : received.readableBytes();
        int capacity = grown(have, length);
        takeBudget(capacity);
        partialLength = length;
        ByteBuf frame = allocator.directBuffer(capacity, length);
        partial = frame;
        fillPartial(frame);
    }

    private void fillPartial(ByteBuf frame) throws BadFrameException {
        ByteBuf in = received;
        int have = in == null ? 0 : in.readableBytes();
        int take = Math.min(have, partialLength - frame.writerIndex());
        if (frame.writableBytes() <= take && frame.capacity() < partialLength) {
            int capacity = grown(frame.writerIndex() + take, partialLength);
            takeBudget(capacity - frame.capacity());
            frame.capacity(capacity);
        }
        if (in != null) {
            frame.writeBytes(in, take);
            releaseReceivedIfRead(in);
        }
    }

    /** Capacity for a frame of {@code length} bytes of which {@code have} arrived. */
    private static int grown(int have, int length) {
        return (int) Math.min(length, Math.max(256, (long) have * GROWTH));
    }

    private void takeBudget(int bytes) throws BadFrameException {
        if (!budget.take(bytes)) {
            throw new BadFrameException(
                    "unfinished frames of all connections hold "
                            + budget.heldBytes()
                            + " bytes, "
                            + bytes
                            + " more would exceed "
                            + budget.maxBytes());
        }
        budgetBytes += bytes;
    }

    /** The length of the next frame, or -1 while it is not whole. */
    private int readLength() throws BadFrameException {
        ByteBuf in = received;
        if (in == null) {
            return -1;
        }
        int length;
        if (lengthBytes == 0 && in.readableBytes() >= Frame.LENGTH_BYTES) {
            length = in.readInt();
        } else {
            while (lengthBytes < Frame.LENGTH_BYTES && in.isReadable()) {
                lengthSoFar = (lengthSoFar << 8) | in.readUnsignedByte();
                lengthBytes++;
            }
            if (lengthBytes < Frame.LENGTH_BYTES) {
                releaseReceivedIfRead(in);
                return -1;
            }
            length = lengthSoFar;
            lengthBytes = 0;
        }
        if (length < 1 || length > maxFrameBytes) {
            throw new BadFrameException("frame length " + length + " is not 1 to " + maxFrameBytes);
        }
        return length;
    }

    private ByteBuf joined(ByteBuf first, ByteBuf second) {
        ByteBuf both = allocator.directBuffer(first.readableBytes() + second.readableBytes());
        both.writeBytes(first).writeBytes(second);
        first.release();
        second.release();
        return both;
    }

    private void releaseReceivedIfRead(ByteBuf in) {
        if (!in.isReadable()) {
            in.release();
            received = null;
        }
    }

    private void releasePartial() {
        budget.giveBack(budgetBytes);
        budgetBytes = 0;
        if (partial != null) {
            partial.release();
            partial = null;
        }
    }
}
