package io.mlog.records;

import static io.mlog.records.BatchHeader.LOG_OVERHEAD;
import static io.mlog.records.BatchHeader.MAGIC;
import static io.mlog.records.BatchHeader.SIZE;

import io.mlog.model.ErrorCode;
import io.mlog.model.MlogException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * Checks bytes from outside before they become part of a log: that they are whole record batches v2
 * with good checksums, and that their headers say nothing a producer may not say.
 *
 * <p>It reads headers and checksums only: no record is decoded and nothing is decompressed, so what
 * lies inside a batch is checked by whoever reads it ({@link RecordReader}). Buffers are
 * big-endian, on the heap or direct; neither their bytes nor their positions change. No state: any
 * thread.
 */
public final class BatchCheck {
    /** Least value of the length field: a header and no record. */
    static final int LEAST_LENGTH = SIZE - LOG_OVERHEAD;

    /** Bytes of the smallest record: seven varints of one byte. */
    private static final int LEAST_RECORD_BYTES = 7;

    /** Attributes that have a meaning for a producer: codec and the transactional bit. */
    private static final int PRODUCER_ATTRIBUTES = 0x17;

    private static final int LOG_APPEND_TIME = 0x08;
    private static final int TRANSACTIONAL = 0x10;
    private static final int CONTROL = 0x20;

    private BatchCheck() {}

    /**
     * Checks a producer's bytes between position and limit.
     *
     * @param nowMs the broker's clock, ms since the epoch
     * @return how many batches there are, at least 1
     * @throws MlogException CORRUPT_MESSAGE when they are not whole batches, MESSAGE_TOO_LARGE,
     *     UNSUPPORTED_COMPRESSION_TYPE, INVALID_TIMESTAMP, or INVALID_RECORD for anything else that
     *     a producer may not write
     */
    public static int produced(ByteBuffer batches, BatchLimits limits, long nowMs) {
        int at = batches.position();
        int count = 0;
        do {
            count++;
            if (count > limits.maxBatches()) {
                throw refuse(
                        ErrorCode.INVALID_RECORD,
                        "more than " + limits.maxBatches() + " record batches for one partition");
            }
            one(batches, at, limits, nowMs);
            at += BatchHeader.sizeBytes(batches, at);
        } while (at < batches.limit());
        return count;
    }

    /**
     * Tests whether a whole batch with a good checksum starts at index {@code at} and ends at or
     * before the limit. Throws nothing and, when it is whole, allocates next to nothing: for
     * recovery and verification, which meet anything.
     *
     * <p>The first finding counts, in the order length, magic, truncation, checksum. What the
     * fields between mean is not looked at.
     *
     * @param at an index between 0 and the limit
     */
    public static BatchState whole(ByteBuffer buffer, int at) {
        int remaining = buffer.limit() - at;
        if (remaining < LOG_OVERHEAD) {
            return new BatchState.Truncated(LOG_OVERHEAD, remaining);
        }
        int length = BatchHeader.batchLength(buffer, at);
        if (length < LEAST_LENGTH) {
            return new BatchState.BadLength(LEAST_LENGTH, length);
        }
        if (remaining > 16 && BatchHeader.magic(buffer, at) != MAGIC) {
            return new BatchState.BadMagic(BatchHeader.magic(buffer, at));
        }
        long size = (long) length + LOG_OVERHEAD;
        if (remaining < size) {
            return new BatchState.Truncated(size, remaining);
        }
        long expected = BatchHeader.crc(buffer, at);
        long found = checksum(buffer, at, (int) size);
        return expected == found
                ? BatchState.Whole.INSTANCE
                : new BatchState.BadCrc(expected, found);
    }

    /** The CRC-32C that a batch of {@code size} bytes at {@code at} should carry. */
    static long checksum(ByteBuffer buffer, int at, int size) {
        ByteBuffer covered = buffer.duplicate();
        covered.limit(at + size).position(at + BatchHeader.CRC_START);
        CRC32C crc = new CRC32C();
        crc.update(covered);
        return crc.getValue();
    }

    private static void one(ByteBuffer buffer, int at, BatchLimits limits, long nowMs) {
        sizeWithin(buffer, at, limits.maxBatchBytes());
        BatchState state = whole(buffer, at);
        if (!state.isWhole()) {
            throw refuse(
                    state instanceof BatchState.BadMagic
                            ? ErrorCode.INVALID_RECORD
                            : ErrorCode.CORRUPT_MESSAGE,
                    "the record batch at byte "
                            + (at - buffer.position())
                            + " is not one: "
                            + state.describe());
        }
        attributes(BatchHeader.attributes(buffer, at));
        counts(buffer, at);
        producer(buffer, at);
        timestamp("base timestamp", BatchHeader.baseTimestamp(buffer, at), limits, nowMs);
        timestamp("max timestamp", BatchHeader.maxTimestamp(buffer, at), limits, nowMs);
    }

    /** Before the checksum, so that nobody pays for hashing what is refused anyway. */
    private static void sizeWithin(ByteBuffer buffer, int at, int maxBatchBytes) {
        if (buffer.limit() - at < LOG_OVERHEAD) {
            return;
        }
        long size = (long) BatchHeader.batchLength(buffer, at) + LOG_OVERHEAD;
        if (size > maxBatchBytes) {
            throw refuse(
                    ErrorCode.MESSAGE_TOO_LARGE,
                    "a record batch of "
                            + size
                            + " bytes is larger than max.message.bytes "
                            + maxBatchBytes
                            + "; send smaller batches or raise the topic's limit");
        }
    }

    private static void attributes(short attributes) {
        if ((attributes & CONTROL) != 0) {
            throw refuse(ErrorCode.INVALID_RECORD, "clients may not write control batches");
        }
        if ((attributes & TRANSACTIONAL) != 0) {
            throw refuse(
                    ErrorCode.INVALID_RECORD,
                    "transactional batches are not supported; produce without transactional.id");
        }
        if ((attributes & LOG_APPEND_TIME) != 0) {
            throw refuse(
                    ErrorCode.INVALID_TIMESTAMP,
                    "clients may not set the timestamp type to log append time");
        }
        if ((attributes & ~PRODUCER_ATTRIBUTES) != 0) {
            throw refuse(
                    ErrorCode.INVALID_RECORD,
                    "attributes 0x" + Integer.toHexString(attributes & 0xFFFF) + " are not known");
        }
        Codec.of(attributes & 0x07);
    }

    private static void counts(ByteBuffer buffer, int at) {
        int count = BatchHeader.recordCount(buffer, at);
        int lastDelta = BatchHeader.lastOffsetDelta(buffer, at);
        if (count < 1) {
            throw refuse(ErrorCode.INVALID_RECORD, "a record batch of " + count + " records");
        }
        if (lastDelta != count - 1) {
            throw refuse(
                    ErrorCode.INVALID_RECORD,
                    "a record batch of "
                            + count
                            + " records has last offset delta "
                            + lastDelta
                            + ", expected "
                            + (count - 1));
        }
        int recordsBytes = BatchHeader.sizeBytes(buffer, at) - SIZE;
        if (recordsBytes == 0
                || (BatchHeader.codecId(buffer, at) == Codec.NONE.id()
                        && (long) count * LEAST_RECORD_BYTES > recordsBytes)) {
            throw refuse(
                    ErrorCode.INVALID_RECORD,
                    "a record batch says it has "
                            + count
                            + " records in "
                            + recordsBytes
                            + " bytes, too few for them");
        }
    }

    /**
     * Epoch and sequence of a batch without a producer id are not looked at: kafkajs writes zeroes
     * there.
     */
    private static void producer(ByteBuffer buffer, int at) {
        long producerId = BatchHeader.producerId(buffer, at);
        if (producerId == BatchHeader.NO_PRODUCER_ID) {
            return;
        }
        short epoch = BatchHeader.producerEpoch(buffer, at);
        int sequence = BatchHeader.baseSequence(buffer, at);
        if (producerId < 0 || epoch < 0 || sequence < 0) {
            throw refuse(
                    ErrorCode.INVALID_RECORD,
                    "producer id "
                            + producerId
                            + ", epoch "
                            + epoch
                            + " and base sequence "
                            + sequence
                            + " do not go together: all are -1, or none is negative");
        }
    }

    /**
     * -1 is Kafka's "no timestamp". A max timestamp below the base timestamp passes: old Sarama
     * leaves it unset.
     */
    private static void timestamp(String field, long timestampMs, BatchLimits limits, long nowMs) {
        if (timestampMs < -1) {
            throw refuse(ErrorCode.INVALID_TIMESTAMP, field + " " + timestampMs + " is negative");
        }
        if (timestampMs == -1) {
            return;
        }
        if (timestampMs - nowMs > limits.maxFutureMs()) {
            throw refuse(
                    ErrorCode.INVALID_TIMESTAMP,
                    field
                            + " "
                            + timestampMs
                            + " is more than "
                            + limits.maxFutureMs()
                            + " ms after the broker's clock "
                            + nowMs);
        }
        if (nowMs - timestampMs > limits.maxPastMs()) {
            throw refuse(
                    ErrorCode.INVALID_TIMESTAMP,
                    field
                            + " "
                            + timestampMs
                            + " is more than "
                            + limits.maxPastMs()
                            + " ms before the broker's clock "
                            + nowMs);
        }
    }

    private static MlogException refuse(ErrorCode code, String message) {
        return new MlogException(code, message);
    }
}
