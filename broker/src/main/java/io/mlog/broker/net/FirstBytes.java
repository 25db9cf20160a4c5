package io.mlog.broker.net;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.mlog.protocol.Frame;
import io.netty.buffer.ByteBuf;
import java.util.List;

/**
 * Tells a connection's language from its first bytes. Pure.
 *
 * <pre>
 * first bytes                       language
 * 0x16                              TLS
 * a method of HTTP and a space      HTTP
 * length (byte 0 at most 0x06), '{' JSON RPC
 * length, 0x00                      Kafka
 * </pre>
 */
final class FirstBytes {
    /** So many bytes always decide: the longest method and its space. */
    static final int ENOUGH = 8;

    /** First byte of a TLS handshake record. */
    private static final int TLS_HANDSHAKE = 0x16;

    private static final List<byte[]> METHODS =
            List.of(
                    bytes("GET "),
                    bytes("HEAD "),
                    bytes("POST "),
                    bytes("PUT "),
                    bytes("PATCH "),
                    bytes("DELETE "),
                    bytes("OPTIONS "));

    private FirstBytes() {}

    /** What the first bytes say. */
    sealed interface Verdict {}

    /** Too few bytes yet. */
    record Undecided() implements Verdict {}

    /** The language, for good. */
    record Decided(Language language) implements Verdict {}

    /** No language of ours, or a frame that is too long: to be closed, and why. */
    record Refused(String why) implements Verdict {}

    private static final Verdict UNDECIDED = new Undecided();

    /** Looks at the readable bytes of {@code in} without consuming them. */
    static Verdict judge(ByteBuf in, int maxFrameBytes) {
        if (!in.isReadable()) {
            return UNDECIDED;
        }
        int first = in.getUnsignedByte(in.readerIndex());
        if (first == TLS_HANDSHAKE) {
            return new Decided(Language.TLS);
        }
        if (first >= 'A' && first <= 'Z') {
            return method(in);
        }
        if (first >= Frame.LENGTH_CEILING >>> 24) {
            return new Refused("these bytes begin no language of this port");
        }
        return frame(in, maxFrameBytes);
    }

    private static Verdict method(ByteBuf in) {
        boolean possible = false;
        for (byte[] method : METHODS) {
            if (agrees(in, method)) {
                if (in.readableBytes() >= method.length) {
                    return new Decided(Language.HTTP);
                }
                possible = true;
            }
        }
        return possible ? UNDECIDED : new Refused("these bytes begin no language of this port");
    }

    private static boolean agrees(ByteBuf in, byte[] method) {
        int length = Math.min(in.readableBytes(), method.length);
        for (int i = 0; i < length; i++) {
            if (in.getByte(in.readerIndex() + i) != method[i]) {
                return false;
            }
        }
        return true;
    }

    private static Verdict frame(ByteBuf in, int maxFrameBytes) {
        if (in.readableBytes() < Frame.LENGTH_BYTES) {
            return UNDECIDED;
        }
        int length = in.getInt(in.readerIndex());
        if (length < 1 || length > maxFrameBytes) {
            return new Refused("frame length " + length + " is not 1 to " + maxFrameBytes);
        }
        if (in.readableBytes() == Frame.LENGTH_BYTES) {
            return UNDECIDED;
        }
        return switch (in.getByte(in.readerIndex() + Frame.LENGTH_BYTES)) {
            case '{' -> new Decided(Language.JSON);
            case 0 -> new Decided(Language.KAFKA);
            default -> new Refused("the frame is neither JSON ('{' first) nor Kafka (0x00 first)");
        };
    }

    private static byte[] bytes(String text) {
        return text.getBytes(US_ASCII);
    }
}
