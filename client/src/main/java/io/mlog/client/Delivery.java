package io.mlog.client;

import io.mlog.model.MlogException;
import io.mlog.model.TopicPartition;
import io.mlog.protocol.FetchBatch;
import io.mlog.protocol.FetchedRecord;
import io.mlog.protocol.NewRecord;
import java.util.List;

/** What the event loop has to tell the consumer's thread. */
sealed interface Delivery {
    /** Memory that it keeps, about. */
    default long bytes() {
        return 0;
    }

    /** Records of a partition. */
    record Records(PartitionReader reader, FetchBatch.Response response, long bytes)
            implements Delivery {
        private static final int RECORD_MEMORY_BYTES = 100;

        static Records of(PartitionReader reader, FetchBatch.Response response) {
            long bytes = 0;
            for (FetchedRecord record : response.entries()) {
                bytes +=
                        RECORD_MEMORY_BYTES
                                + new NewRecord(record.key(), record.value(), record.headers())
                                        .sizeBytes();
            }
            return new Records(reader, response, bytes);
        }
    }

    /** A partition cannot be read; its reader waits to be told to go on. */
    record Trouble(PartitionReader reader, MlogException problem) implements Delivery {}

    /** The topic has this many partitions. */
    record PartitionCount(int count) implements Delivery {}

    /** The group's coordinator says what this member is to read. */
    record Assignment(List<TopicPartition> partitions) implements Delivery {}

    /** This consumer is no member of its group any more. */
    record MembershipLost() implements Delivery {}

    /** The coordinator refuses the membership; the next poll asks again. */
    record GroupTrouble(MlogException problem) implements Delivery {}

    /** Somebody wants the poll to return. */
    record Wakeup() implements Delivery {}
}
