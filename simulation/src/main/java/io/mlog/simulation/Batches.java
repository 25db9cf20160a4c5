package io.mlog.simulation;

import io.mlog.records.BatchHeader;
import io.mlog.records.Codec;
import io.mlog.records.RecordBatchBuilder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Small record batches, as producers build them. */
final class Batches {
    private static final long TIMESTAMP_MS = 1_800_000_000_000L;

    private Batches() {}

    /**
     * A batch of {@code count} records that say whose they are; no idempotence without a producer.
     */
    static ByteBuffer of(long producerId, int sequence, int count) {
        RecordBatchBuilder builder = new RecordBatchBuilder(256, 1 << 20);
        builder.reset(Codec.NONE);
        if (producerId != BatchHeader.NO_PRODUCER_ID) {
            builder.producer(producerId, (short) 0, sequence);
        }
        for (int i = 0; i < count; i++) {
            byte[] value = (producerId + "/" + (sequence + i)).getBytes(StandardCharsets.US_ASCII);
            builder.appendValue(TIMESTAMP_MS, value, 0, value.length);
        }
        return copy(builder.build());
    }

    /** A copy of its own: who takes a batch in writes its offsets into it. */
    static ByteBuffer copy(ByteBuffer batch) {
        ByteBuffer copy = ByteBuffer.allocate(batch.remaining());
        return copy.put(batch.duplicate()).flip();
    }
}
