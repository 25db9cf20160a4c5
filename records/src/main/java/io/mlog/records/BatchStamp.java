package io.mlog.records;

import java.nio.ByteBuffer;

/**
 * Stamps a batch with the broker's clock, for topics whose {@code message.timestamp.type} is {@code
 * LogAppendTime}. No state: any thread, but the bytes belong to the caller.
 */
public final class BatchStamp {
    private static final int ATTRIBUTES_AT = 21;
    private static final int MAX_TIMESTAMP_AT = 35;
    private static final int CRC_AT = 17;
    private static final int LOG_APPEND_TIME = 0x08;

    private BatchStamp() {}

    /**
     * Sets max timestamp, timestamp type and checksum in place. The records are not touched:
     * readers take the time of every record from the header.
     *
     * @param at index of a whole batch's first byte
     * @param nowMs ms since the epoch
     */
    public static void logAppendTime(ByteBuffer buffer, int at, long nowMs) {
        int attributes = BatchHeader.attributes(buffer, at);
        buffer.putShort(at + ATTRIBUTES_AT, (short) (attributes | LOG_APPEND_TIME));
        buffer.putLong(at + MAX_TIMESTAMP_AT, nowMs);
        int size = BatchHeader.sizeBytes(buffer, at);
        buffer.putInt(at + CRC_AT, (int) BatchCheck.checksum(buffer, at, size));
    }
}
