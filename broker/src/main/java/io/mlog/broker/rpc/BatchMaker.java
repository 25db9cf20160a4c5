package io.mlog.broker.rpc;

import io.mlog.model.ErrorCode;
import io.mlog.model.MlogException;
import io.mlog.protocol.Bytes;
import io.mlog.protocol.NewRecord;
import io.mlog.protocol.ProducerStamp;
import io.mlog.records.BatchHeader;
import io.mlog.records.Codec;
import io.mlog.records.RecordBatchBuilder;
import io.mlog.records.RecordHeader;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Makes a record batch of a request's records, in memory kept for each thread. */
final class BatchMaker {
    private static final int INITIAL_BYTES = 16 * 1024;

    private final int maxBatchBytes;
    private final ThreadLocal<RecordBatchBuilder> builders;

    BatchMaker(int maxBatchBytes) {
        this.maxBatchBytes = maxBatchBytes;
        int initialBytes = Math.max(BatchHeader.SIZE, Math.min(INITIAL_BYTES, maxBatchBytes));
        this.builders =
                ThreadLocal.withInitial(() -> new RecordBatchBuilder(initialBytes, maxBatchBytes));
    }

    /**
     * The batch of the records, in their order; good until this thread makes the next.
     *
     * @param timestampMs of every record, ms since the epoch
     * @throws MlogException RECORD_LIST_TOO_LARGE when they do not fit one batch,
     *     UNSUPPORTED_COMPRESSION_TYPE when the codec cannot be loaded
     */
    ByteBuffer batch(
            List<NewRecord> records, Codec codec, Optional<ProducerStamp> stamp, long timestampMs) {
        RecordBatchBuilder builder = builders.get();
        builder.reset(codec);
        if (stamp.isPresent()) {
            ProducerStamp from = stamp.get();
            builder.producer(from.producerId(), from.producerEpoch(), from.sequence());
        }
        for (int i = 0; i < records.size(); i++) {
            if (!append(builder, records.get(i), timestampMs)) {
                throw new MlogException(
                        ErrorCode.RECORD_LIST_TOO_LARGE,
                        "the first "
                                + (i + 1)
                                + " of "
                                + records.size()
                                + " records are more than the "
                                + maxBatchBytes
                                + " bytes that one batch may have; send fewer at a time");
            }
        }
        return builder.build();
    }

    /**
     * The codec of a name as requests have it.
     *
     * @throws MlogException UNSUPPORTED_COMPRESSION_TYPE when there is none of that name
     */
    static Codec codec(Optional<String> name) {
        if (name.isEmpty()) {
            return Codec.NONE;
        }
        for (Codec codec : Codec.values()) {
            if (codec.name().toLowerCase(Locale.ROOT).equals(name.get())) {
                return codec;
            }
        }
        throw new MlogException(
                ErrorCode.UNSUPPORTED_COMPRESSION_TYPE,
                "compression '"
                        + name.get()
                        + "' is not known; use none, gzip, snappy, lz4 or zstd");
    }

    private static boolean append(RecordBatchBuilder builder, NewRecord record, long timestampMs) {
        Bytes value = record.value();
        if (record.key() == null && record.headers().isEmpty() && value != null) {
            return builder.appendValue(timestampMs, value.array(), value.offset(), value.length());
        }
        return builder.append(
                timestampMs, buffer(record.key()), buffer(value), headers(record.headers()));
    }

    private static List<RecordHeader> headers(List<io.mlog.protocol.RecordHeader> headers) {
        return headers.isEmpty()
                ? List.of()
                : headers.stream()
                        .map(each -> new RecordHeader(each.key(), buffer(each.value())))
                        .toList();
    }

    private static @Nullable ByteBuffer buffer(@Nullable Bytes bytes) {
        return bytes == null
                ? null
                : ByteBuffer.wrap(bytes.array(), bytes.offset(), bytes.length());
    }
}
