package io.mlog.storage;

import io.mlog.records.BatchHeader;
import io.mlog.records.Codec;
import io.mlog.records.RecordBatchBuilder;
import io.mlog.records.RecordReader;
import io.mlog.records.RecordsSlice;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Record batches for tests, and what is in those that come back. */
final class Batches {
    private Batches() {}

    /** One batch with these values, all stamped {@code timestampMs}. */
    static ByteBuffer batch(long timestampMs, String... values) {
        return batch(-1, 0, timestampMs, values);
    }

    /** One batch of an idempotent producer. */
    static ByteBuffer batch(long producerId, int baseSequence, long timestampMs, String... values) {
        RecordBatchBuilder builder = new RecordBatchBuilder(1024, 1 << 24);
        builder.reset(Codec.NONE);
        if (producerId >= 0) {
            builder.producer(producerId, (short) 0, baseSequence);
        }
        for (String value : values) {
            byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
            if (!builder.appendValue(timestampMs, bytes, 0, bytes.length)) {
                throw new IllegalStateException("a test batch does not fit");
            }
        }
        ByteBuffer built = builder.build();
        return ByteBuffer.allocateDirect(built.remaining()).put(built).flip();
    }

    /** Several batches back to back, one record each. */
    static ByteBuffer run(long timestampMs, String... values) {
        ByteBuffer all = ByteBuffer.allocateDirect(1 << 20);
        for (String value : values) {
            all.put(batch(timestampMs, value));
        }
        return all.flip();
    }

    /** {@code offset=value} of each record in the slice, which is released. */
    static List<String> records(RecordsSlice slice) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(slice.sizeBytes());
        slice.read(0, bytes);
        slice.release();
        bytes.flip();
        List<String> all = new ArrayList<>();
        for (int at = 0; at < bytes.limit(); at += BatchHeader.sizeBytes(bytes, at)) {
            try (RecordReader reader = RecordReader.open(bytes, at, 1 << 24)) {
                while (reader.hasNext()) {
                    var next = reader.next();
                    ByteBuffer value = next.value();
                    String text =
                            value == null
                                    ? ""
                                    : StandardCharsets.UTF_8.decode(value.duplicate()).toString();
                    all.add(next.offset() + "=" + text);
                }
            }
        }
        return all;
    }
}
