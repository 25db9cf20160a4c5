package io.mlog.records;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Batches for tests. */
final class Batches {
    static final long NOW_MS = 1_700_000_000_000L;

    private Batches() {}

    /** A batch of one record per value, as a copy of its own. */
    static ByteBuffer of(String... values) {
        return of(Codec.NONE, values);
    }

    static ByteBuffer of(Codec codec, String... values) {
        RecordBatchBuilder builder = new RecordBatchBuilder(256, 1 << 26);
        builder.reset(codec);
        for (String value : values) {
            byte[] bytes = value.getBytes(UTF_8);
            if (!builder.appendValue(NOW_MS, bytes, 0, bytes.length)) {
                throw new IllegalStateException("does not fit");
            }
        }
        return copy(builder.build());
    }

    static ByteBuffer copy(ByteBuffer batch) {
        ByteBuffer copy = ByteBuffer.allocate(batch.remaining()).put(batch.duplicate());
        return copy.flip();
    }

    /** The same bytes in a direct buffer, {@code shift} bytes from its start. */
    static ByteBuffer direct(ByteBuffer batch, int shift) {
        ByteBuffer direct = ByteBuffer.allocateDirect(shift + batch.remaining());
        direct.position(shift).put(batch.duplicate());
        return direct.flip().position(shift);
    }

    /** Makes the checksum right again after a test wrote into the batch. */
    static ByteBuffer resealed(ByteBuffer batch) {
        int at = batch.position();
        int size = BatchHeader.sizeBytes(batch, at);
        return batch.putInt(at + 17, (int) BatchCheck.checksum(batch, at, size));
    }

    static List<LogRecord> read(ByteBuffer batch) {
        List<LogRecord> records = new ArrayList<>();
        try (RecordReader reader = RecordReader.open(batch, batch.position(), 1 << 26)) {
            reader.forEachRemaining(records::add);
        }
        return records;
    }

    /** The bytes from index {@code from} to the limit. */
    static byte[] bytes(ByteBuffer buffer, int from) {
        byte[] bytes = new byte[buffer.limit() - from];
        buffer.get(from, bytes);
        return bytes;
    }

    static ByteBuffer utf8(String text) {
        return ByteBuffer.wrap(text.getBytes(UTF_8));
    }

    static @Nullable String text(@Nullable ByteBuffer bytes) {
        return bytes == null ? null : UTF_8.decode(bytes.duplicate()).toString();
    }

    /** A batch of {@code records} as the whole section of records, whatever it is. */
    static ByteBuffer raw(Codec codec, int count, byte[] records) {
        ByteBuffer batch = ByteBuffer.allocate(BatchHeader.SIZE + records.length);
        batch.putInt(8, batch.capacity() - BatchHeader.LOG_OVERHEAD)
                .put(16, BatchHeader.MAGIC)
                .putShort(21, (short) codec.id())
                .putInt(23, count - 1)
                .putLong(27, NOW_MS)
                .putLong(35, NOW_MS)
                .putLong(43, -1)
                .putShort(51, (short) -1)
                .putInt(53, -1)
                .putInt(57, count)
                .put(BatchHeader.SIZE, records);
        return resealed(batch);
    }
}
