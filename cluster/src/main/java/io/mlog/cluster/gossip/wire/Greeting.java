package io.mlog.cluster.gossip.wire;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * What both ends of a connection say first, at the same time. Then only the end that connected
 * speaks, in {@link Frames}; the other one keeps silent, but for the byte of a {@link Refusal}
 * before it closes.
 *
 * <table>
 * <caption>A greeting</caption>
 * <tr><td>8 bytes</td><td>{@code mlogsip1}</td></tr>
 * <tr><td>1 byte</td><td>1 when a key is set, 0 when frames are in clear</td></tr>
 * <tr><td>16 bytes</td><td>random</td></tr>
 * </table>
 */
record Greeting(boolean sealed, byte[] random) {
    private static final byte[] MAGIC = "mlogsip1".getBytes(StandardCharsets.US_ASCII);
    private static final int VERSION_AT = 7;
    private static final int RANDOM_BYTES = 16;
    private static final SecureRandom SECURE_RANDOM = new SecureRandom();

    static Greeting of(boolean sealed) {
        byte[] random = new byte[RANDOM_BYTES];
        SECURE_RANDOM.nextBytes(random);
        return new Greeting(sealed, random);
    }

    void write(OutputStream out) throws IOException {
        out.write(
                ByteBuffer.allocate(MAGIC.length + 1 + RANDOM_BYTES)
                        .put(MAGIC)
                        .put((byte) (sealed ? 1 : 0))
                        .put(random)
                        .array());
        out.flush();
    }

    /**
     * Reads the other end's.
     *
     * @throws RefusedException when it speaks another version or is no gossip at all
     */
    static Greeting read(DataInputStream in) throws IOException {
        byte[] magic = new byte[MAGIC.length];
        in.readFully(magic);
        if (!Arrays.equals(magic, MAGIC)) {
            boolean other = Arrays.equals(magic, 0, VERSION_AT, MAGIC, 0, VERSION_AT);
            throw new RefusedException(
                    other ? Refusal.OTHER_VERSION : Refusal.NOT_GOSSIP,
                    "first bytes " + HexFormat.ofDelimiter(" ").formatHex(magic));
        }
        boolean sealed = in.readUnsignedByte() != 0;
        byte[] random = new byte[RANDOM_BYTES];
        in.readFully(random);
        return new Greeting(sealed, random);
    }
}
