package io.mlog.kafka;

import io.mlog.model.ErrorCode;
import io.mlog.records.BatchHeader;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.apache.kafka.common.message.ProduceRequestData.PartitionProduceData;
import org.apache.kafka.common.record.internal.MemoryRecords;

/**
 * What the Kafka protocol, rather than the log, demands of the batches in a Produce request. Looks
 * at fixed header fields of the first batch only; sizes, checksums and the number of batches are
 * checked by whoever appends.
 */
final class BatchRules {
    private static final int ZSTD = 4;
    private static final int FIRST_WITH_ZSTD = 7;

    private BatchRules() {}

    /** The rule that is broken, if one is. */
    static Optional<Refusal> broken(PartitionProduceData partition, short version) {
        if (!(partition.records() instanceof MemoryRecords records) || records.sizeInBytes() == 0) {
            return refuse(ErrorCode.INVALID_RECORD, "there is no record batch; send exactly one");
        }
        ByteBuffer batch = records.buffer();
        if (batch.remaining() < BatchHeader.SIZE) {
            return refuse(
                    ErrorCode.CORRUPT_MESSAGE,
                    batch.remaining()
                            + " bytes are less than a record batch's header of "
                            + BatchHeader.SIZE);
        }
        int at = batch.position();
        if (BatchHeader.magic(batch, at) != BatchHeader.MAGIC) {
            return refuse(
                    ErrorCode.INVALID_RECORD,
                    "message format "
                            + BatchHeader.magic(batch, at)
                            + " is not taken; Produce version 3 and later use format 2");
        }
        if (BatchHeader.transactional(batch, at) || BatchHeader.control(batch, at)) {
            return refuse(
                    ErrorCode.INVALID_RECORD,
                    "transactional and control batches are not taken: transactions are not offered");
        }
        if (BatchHeader.codecId(batch, at) == ZSTD && version < FIRST_WITH_ZSTD) {
            return refuse(
                    ErrorCode.UNSUPPORTED_COMPRESSION_TYPE,
                    "zstd needs Produce version " + FIRST_WITH_ZSTD + ", this is " + version);
        }
        return Optional.empty();
    }

    private static Optional<Refusal> refuse(ErrorCode code, String message) {
        return Optional.of(new Refusal(code, message));
    }
}
