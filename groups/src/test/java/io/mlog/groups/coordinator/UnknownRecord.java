package io.mlog.groups.coordinator;

import java.nio.ByteBuffer;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;

/** A record of a kind that no version of Kafka has had yet. */
final class UnknownRecord {
    private static final short TYPE = 9_999;

    private UnknownRecord() {}

    static ByteBuffer batch() {
        byte[] key = ByteBuffer.allocate(4).putShort(TYPE).array();
        return MemoryRecords.withRecords(Compression.NONE, new SimpleRecord(key, new byte[] {0, 0}))
                .buffer();
    }
}
