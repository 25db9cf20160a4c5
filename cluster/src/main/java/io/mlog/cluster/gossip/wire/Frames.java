package io.mlog.cluster.gossip.wire;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;

/** Frames of the gossip wire: four bytes of length, and that many bytes, sealed or not. */
final class Frames {
    /** Largest frame: two thousand members and what seals them. */
    static final int MAX_BYTES = 1 << 18;

    private Frames() {}

    static void write(DataOutputStream out, byte[] frame) throws IOException {
        if (frame.length > MAX_BYTES) {
            throw new IOException(
                    "a frame of %d bytes, at most %d".formatted(frame.length, MAX_BYTES));
        }
        out.writeInt(frame.length);
        out.write(frame);
        out.flush();
    }

    /**
     * The next frame; memory is taken as its bytes arrive.
     *
     * @throws EOFException when the other end is through
     * @throws RefusedException when the length is out of bounds
     */
    static byte[] read(DataInputStream in) throws IOException {
        int bytes = in.readInt();
        if (bytes < 1 || bytes > MAX_BYTES) {
            throw new RefusedException(Refusal.MALFORMED, "a frame of " + bytes + " bytes");
        }
        byte[] frame = in.readNBytes(bytes);
        if (frame.length < bytes) {
            throw new EOFException("the end after %d of %d bytes".formatted(frame.length, bytes));
        }
        return frame;
    }
}
