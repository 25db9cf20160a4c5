package io.mlog.client;

import io.mlog.model.TopicPartition;
import io.mlog.protocol.Bytes;
import io.mlog.protocol.FetchedRecord;
import io.mlog.protocol.RecordHeader;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A record and where it was read.
 *
 * @param timestampMs ms since the epoch, -1 when the record has none
 * @param key null for none
 * @param value null marks the key as deleted
 * @param headers in order
 */
public record ConsumedRecord(
        TopicPartition partition,
        long offset,
        long timestampMs,
        @Nullable Bytes key,
        @Nullable Bytes value,
        List<RecordHeader> headers) {
    public ConsumedRecord {
        headers = List.copyOf(headers);
    }

    static ConsumedRecord of(TopicPartition partition, FetchedRecord record) {
        return new ConsumedRecord(
                partition,
                record.offset(),
                record.timestampMs(),
                record.key(),
                record.value(),
                record.headers());
    }
}
