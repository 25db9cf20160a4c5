package io.mlog.records;

import io.mlog.model.ErrorCode;
import io.mlog.model.MlogException;
import java.nio.ByteBuffer;

/**
 * Checks that every record has a key, as a topic needs whose records are reduced to the latest of
 * each key. Opens the batches, the compressed ones too, so that what it passes can be read when the
 * topic is compacted. No state: any thread.
 */
public final class KeyCheck {
    private KeyCheck() {}

    /**
     * Checks batches that {@link BatchCheck} has passed, between position and limit.
     *
     * @param maxDecompressedBytes most bytes a compressed batch may decompress to
     * @throws MlogException INVALID_RECORD for a record without a key or bytes that are no records,
     *     MESSAGE_TOO_LARGE when a batch decompresses to too much
     */
    public static void everyRecordHasOne(ByteBuffer batches, int maxDecompressedBytes) {
        for (int at = batches.position();
                at < batches.limit();
                at += BatchHeader.sizeBytes(batches, at)) {
            try (RawRecords records = RawRecords.open(batches, at, maxDecompressedBytes)) {
                check(records);
            } catch (MlogException refusal) {
                throw refusal.code() == ErrorCode.CORRUPT_MESSAGE
                        ? new MlogException(ErrorCode.INVALID_RECORD, refusal.reason())
                        : refusal;
            }
        }
    }

    private static void check(RawRecords records) {
        for (int i = 0; records.next(); i++) {
            if (records.key() == null) {
                throw new MlogException(
                        ErrorCode.INVALID_RECORD,
                        "record "
                                + i
                                + " of "
                                + records.count()
                                + " has no key: the topic keeps the latest record of each key"
                                + " (cleanup.policy=compact)");
            }
        }
    }
}
