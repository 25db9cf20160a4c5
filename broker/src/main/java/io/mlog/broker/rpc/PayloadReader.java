package io.mlog.broker.rpc;

import io.mlog.protocol.RequestCodec;
import java.nio.ByteBuffer;

/** Reads requests by way of one piece of memory; what it returns keeps nothing of that. */
final class PayloadReader {
    /** Larger requests get memory of their own. */
    private static final int KEEP_BYTES = 1 << 20;

    private static final ThreadLocal<byte[]> MEMORY = ThreadLocal.withInitial(() -> new byte[4096]);

    private PayloadReader() {}

    /** Reads the bytes between position and limit. */
    static RequestCodec.Decoded read(ByteBuffer payload) {
        int length = payload.remaining();
        byte[] bytes = memory(length);
        payload.get(payload.position(), bytes, 0, length);
        return RequestCodec.decode(bytes, 0, length);
    }

    private static byte[] memory(int length) {
        byte[] kept = MEMORY.get();
        if (length <= kept.length) {
            return kept;
        }
        byte[] larger =
                new byte[length > KEEP_BYTES ? length : Integer.highestOneBit(length - 1) << 1];
        if (length <= KEEP_BYTES) {
            MEMORY.set(larger);
        }
        return larger;
    }
}
