package io.mlog.records;

import com.github.luben.zstd.RecyclingBufferPool;
import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import io.mlog.model.MlogException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.GZIPInputStream;
import net.jpountz.lz4.LZ4FrameInputStream;
import org.xerial.snappy.Snappy;

/**
 * Opens the compressed records of a batch as a stream. It does not bound what comes out; {@link
 * StreamedRecords} does.
 */
final class Decompressor {
    private static final int GZIP_BUFFER_BYTES = 8 * 1024;

    private Decompressor() {}

    /**
     * The decompressed bytes; close it, since zstd and gzip hold memory outside the heap.
     *
     * @param codec not NONE
     * @param maxBytes most bytes to be allocated at once on the word of a length in the stream
     * @throws IOException when the stream does not even start well
     * @throws MlogException UNSUPPORTED_COMPRESSION_TYPE when the codec's library cannot be loaded
     */
    static InputStream open(Codec codec, byte[] bytes, int offset, int length, int maxBytes)
            throws IOException {
        return NativeCodec.call(codec, () -> stream(codec, bytes, offset, length, maxBytes));
    }

    private static InputStream stream(
            Codec codec, byte[] bytes, int offset, int length, int maxBytes) throws IOException {
        return switch (codec) {
            case GZIP -> new GZIPInputStream(input(bytes, offset, length), GZIP_BUFFER_BYTES);
            case SNAPPY -> {
                Snappy.maxCompressedLength(0); // loads the library here, inside the guard
                yield new SnappyBlocks(bytes, offset, length, maxBytes);
            }
            case LZ4 -> new LZ4FrameInputStream(input(bytes, offset, length));
            case ZSTD ->
                    new ZstdInputStreamNoFinalizer(
                            input(bytes, offset, length), RecyclingBufferPool.INSTANCE);
            case NONE -> throw new IllegalStateException("nothing to decompress");
        };
    }

    private static InputStream input(byte[] bytes, int offset, int length) {
        return new ByteArrayInputStream(bytes, offset, length);
    }
}
