package io.mlog.protocol;

import io.mlog.model.ErrorCode;
import io.mlog.model.MlogException;

/**
 * The rule for frames, which JSON RPC and Kafka share: a length of four bytes, big-endian, and as
 * many bytes of payload.
 *
 * <pre>
 * byte 0..3   length of the payload, 1 to max.frame.bytes
 * byte 4..    payload: a JSON object ('{' first) or a Kafka request (0x00 first)
 * </pre>
 *
 * <p>The first byte of a length is therefore never above 0x06, which tells a frame from TLS (0x16)
 * and from an HTTP method (0x44 and up).
 */
public final class Frame {
    /** Bytes of the length field. */
    public static final int LENGTH_BYTES = 4;

    /** Default of {@code max.frame.bytes}: 100 MiB. */
    public static final int DEFAULT_MAX_BYTES = 100 << 20;

    /** First length that could be mistaken for a TLS record; every limit lies below it. */
    public static final int LENGTH_CEILING = 0x16000000;

    private Frame() {}

    /**
     * Checks a length that came from outside; to be called before anything is allocated for it.
     *
     * @param length as read from the wire
     * @param maxBytes the limit in force, 1 to {@link #LENGTH_CEILING} - 1
     * @return {@code length}
     * @throws MlogException INVALID_REQUEST when the length is not 1 to {@code maxBytes}; the
     *     stream cannot be followed any further
     */
    public static int checkLength(int length, int maxBytes) {
        if (length < 1 || length > maxBytes) {
            throw new MlogException(
                    ErrorCode.INVALID_REQUEST,
                    "frame length "
                            + Integer.toUnsignedString(length)
                            + " is not 1 to "
                            + maxBytes
                            + " (max.frame.bytes)");
        }
        return length;
    }

    /**
     * Checks a configured limit.
     *
     * @throws IllegalArgumentException when it is not 1 to {@link #LENGTH_CEILING} - 1
     */
    public static int checkLimit(int maxBytes) {
        if (maxBytes < 1 || maxBytes >= LENGTH_CEILING) {
            throw new IllegalArgumentException(
                    "max.frame.bytes " + maxBytes + " is not 1 to " + (LENGTH_CEILING - 1));
        }
        return maxBytes;
    }
}
