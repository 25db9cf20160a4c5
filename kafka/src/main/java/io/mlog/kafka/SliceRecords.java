package io.mlog.kafka;

import io.mlog.records.RecordsSlice;
import org.apache.kafka.common.record.internal.BaseRecords;
import org.apache.kafka.common.record.internal.RecordsSend;

/** Records in a log, where a response message wants records; only {@link FrameWriter} writes it. */
record SliceRecords(RecordsSlice slice) implements BaseRecords {
    @Override
    public int sizeInBytes() {
        return slice.sizeBytes();
    }

    @Override
    public RecordsSend<? extends BaseRecords> toSend() {
        throw new IllegalStateException("a slice is sent by the listener, not by Kafka's Send");
    }
}
