package io.mlog.records;

import io.mlog.model.ErrorCode;
import io.mlog.model.MlogException;
import java.io.IOException;
import org.xerial.snappy.SnappyError;

/**
 * The door to the codec libraries, so that one that cannot be loaded on this machine makes its
 * codec unsupported and nothing else. They are loaded when their codec is first used.
 */
final class NativeCodec {
    /** A call into a library. */
    @FunctionalInterface
    interface Call<T> {
        T run() throws IOException;
    }

    private NativeCodec() {}

    /**
     * Calls into the library of {@code codec}.
     *
     * @throws MlogException UNSUPPORTED_COMPRESSION_TYPE when the library cannot be loaded
     */
    static <T> T call(Codec codec, Call<T> call) throws IOException {
        try {
            return call.run();
        } catch (LinkageError | SnappyError e) {
            throw new MlogException(
                    ErrorCode.UNSUPPORTED_COMPRESSION_TYPE,
                    "the library for "
                            + codec
                            + " cannot be loaded by this broker ("
                            + e
                            + "); use another compression type");
        }
    }
}
