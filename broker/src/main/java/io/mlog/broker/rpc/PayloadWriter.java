package io.mlog.broker.rpc;

import io.mlog.protocol.ResponseCodec;
import io.mlog.protocol.RpcResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.OptionalLong;

/**
 * Writes responses into one piece of memory, one after the other: each is good until the next. One
 * for each thread.
 */
final class PayloadWriter {
    /** Memory up to this size is kept for the next response. */
    private static final int KEEP_BYTES = 1 << 20;

    private static final int INITIAL_BYTES = 1 << 10;

    private static final ThreadLocal<PayloadWriter> OF_THREAD =
            ThreadLocal.withInitial(PayloadWriter::new);

    private Memory memory = new Memory();

    private PayloadWriter() {}

    /** This thread's writer. */
    static PayloadWriter ofThread() {
        return OF_THREAD.get();
    }

    /** The payload; the memory is used again by the next call. */
    ByteBuffer write(OptionalLong id, RpcResponse response) {
        if (memory.capacity() > KEEP_BYTES) {
            memory = new Memory();
        }
        memory.reset();
        try {
            ResponseCodec.encode(id, response, memory);
        } catch (IOException e) {
            throw new IllegalStateException("writing to memory cannot fail", e);
        }
        return memory.written();
    }

    private static final class Memory extends ByteArrayOutputStream {
        Memory() {
            super(INITIAL_BYTES);
        }

        int capacity() {
            return buf.length;
        }

        ByteBuffer written() {
            return ByteBuffer.wrap(buf, 0, count);
        }
    }
}
