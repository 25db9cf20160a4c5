package io.mlog.cluster.raft.rpc;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;
import org.apache.ratis.thirdparty.com.google.protobuf.MessageLite;

/**
 * Frames of the Raft wire. A connection begins with eight bytes from its client; then requests and
 * replies alternate.
 *
 * <table>
 * <caption>A frame</caption>
 * <tr><td>4 bytes</td><td>length of the rest, 1 to {@link #MAX_BYTES}</td></tr>
 * <tr><td>1 byte</td><td>request: number of the {@link RaftCall}; reply: 0 done, 1 failed</td></tr>
 * <tr><td>rest</td><td>of Raft's own calls a protobuf message of Ratis, of ours see {@link
 * QuorumCodec}; of a failed call a sentence in UTF-8</td></tr>
 * </table>
 */
final class RaftFrames {
    /** Largest frame: four times what one batch of entries or chunk of a snapshot may take. */
    static final int MAX_BYTES = 4 << 20;

    static final int DONE = 0;
    static final int FAILED = 1;

    private static final byte[] GREETING = "mlograf1".getBytes(StandardCharsets.US_ASCII);
    private static final int LONGEST_SENTENCE = 1000;

    private RaftFrames() {}

    static void writeGreeting(DataOutputStream out) throws IOException {
        out.write(GREETING);
    }

    /** Fails unless the client speaks this protocol. */
    static void readGreeting(DataInputStream in) throws IOException {
        byte[] found = new byte[GREETING.length];
        in.readFully(found);
        if (!Arrays.equals(found, GREETING)) {
            throw new IOException("not a Raft peer of this version: its first bytes are another's");
        }
    }

    static void write(DataOutputStream out, int kind, MessageLite message) throws IOException {
        writeHead(out, kind, message.getSerializedSize());
        message.writeTo(out);
        out.flush();
    }

    static void write(DataOutputStream out, int kind, ByteString content) throws IOException {
        writeHead(out, kind, content.size());
        content.writeTo(out);
        out.flush();
    }

    static void writeFailure(DataOutputStream out, String sentence) throws IOException {
        byte[] utf8 =
                sentence.substring(0, Math.min(sentence.length(), LONGEST_SENTENCE))
                        .getBytes(StandardCharsets.UTF_8);
        writeHead(out, FAILED, utf8.length);
        out.write(utf8);
        out.flush();
    }

    /** The next frame; its first byte is the kind. */
    static byte[] read(DataInputStream in) throws IOException {
        int bytes = in.readInt();
        if (bytes < 1 || bytes > MAX_BYTES) {
            throw new IOException("a frame of " + bytes + " bytes, allowed are 1 to " + MAX_BYTES);
        }
        byte[] frame = in.readNBytes(bytes);
        if (frame.length < bytes) {
            throw new EOFException(
                    "the peer left after %d of %d bytes".formatted(frame.length, bytes));
        }
        return frame;
    }

    private static void writeHead(DataOutputStream out, int kind, int contentBytes)
            throws IOException {
        if (contentBytes >= MAX_BYTES) {
            throw new IOException(
                    "a frame of %d bytes, at most %d".formatted(contentBytes + 1L, MAX_BYTES));
        }
        out.writeInt(contentBytes + 1);
        out.writeByte(kind);
    }
}
