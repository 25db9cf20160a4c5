package io.mlog.records;

import com.github.luben.zstd.Zstd;
import io.mlog.model.MlogException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.zip.GZIPOutputStream;
import net.jpountz.lz4.LZ4Factory;
import net.jpountz.lz4.LZ4FrameOutputStream;
import net.jpountz.lz4.LZ4FrameOutputStream.BLOCKSIZE;
import net.jpountz.lz4.LZ4FrameOutputStream.FLG;
import net.jpountz.xxhash.XXHashFactory;
import org.xerial.snappy.SnappyOutputStream;

/**
 * Compresses the records of a batch the way Kafka's clients do: a gzip member; Snappy blocks in the
 * framing of snappy-java; an LZ4 frame of independent 64 KiB blocks without checksums; a zstd
 * frame.
 */
final class Compressor {
    private static final int GZIP_BUFFER_BYTES = 8 * 1024;
    private static final int ZSTD_LEVEL = 3;

    private Compressor() {}

    /**
     * Appends the compressed form of {@code length} bytes to {@code to}.
     *
     * @param codec not NONE
     * @throws MlogException UNSUPPORTED_COMPRESSION_TYPE when its library cannot be loaded
     */
    static void compress(Codec codec, byte[] from, int offset, int length, GrowingBytes to) {
        try {
            if (codec == Codec.ZSTD) {
                NativeCodec.call(codec, () -> zstd(from, offset, length, to));
                return;
            }
            try (OutputStream out = NativeCodec.call(codec, () -> stream(codec, to))) {
                out.write(from, offset, length);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("compressing in memory cannot fail", e);
        }
    }

    private static OutputStream stream(Codec codec, OutputStream to) throws IOException {
        return switch (codec) {
            case GZIP -> new GZIPOutputStream(to, GZIP_BUFFER_BYTES);
            case SNAPPY -> new SnappyOutputStream(to);
            case LZ4 ->
                    new LZ4FrameOutputStream(
                            to,
                            BLOCKSIZE.SIZE_64KB,
                            -1L,
                            LZ4Factory.fastestInstance().fastCompressor(),
                            XXHashFactory.fastestInstance().hash32(),
                            FLG.Bits.BLOCK_INDEPENDENCE);
            case NONE, ZSTD -> throw new IllegalStateException(codec + " is not a stream here");
        };
    }

    private static int zstd(byte[] from, int offset, int length, GrowingBytes to)
            throws IOException {
        int most = Math.toIntExact(Zstd.compressBound(length));
        to.reserve(most);
        long size =
                Zstd.compressByteArray(
                        to.array(), to.size(), most, from, offset, length, ZSTD_LEVEL);
        if (Zstd.isError(size)) {
            throw new IOException("zstd: " + Zstd.getErrorName(size));
        }
        to.size(to.size() + (int) size);
        return (int) size;
    }
}
