package io.mlog.broker.rpc;

import io.mlog.model.KeyHash;
import io.mlog.protocol.Bytes;
import io.mlog.protocol.NewRecord;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Chooses the partition of records whose producer leaves that to us: by the key's hash as Kafka's
 * clients do; without a key one partition for a while, then the next. Any thread.
 */
final class PartitionChoice {
    /** Records that go to one partition before it is the next one's turn. */
    static final int STICKY_RECORDS = 256;

    private final AtomicInteger keylessRecords = new AtomicInteger();

    /**
     * The partition of a batch.
     *
     * @param wanted what the request says
     * @param first the batch's first record, whose key decides
     * @param records how many the batch has
     * @param partitions how many the topic has, 1 or more
     */
    int choose(OptionalInt wanted, NewRecord first, int records, int partitions) {
        if (wanted.isPresent()) {
            return wanted.getAsInt();
        }
        Bytes key = first.key();
        if (key != null) {
            return KeyHash.partition(key.toByteArray(), partitions);
        }
        int before = keylessRecords.getAndAdd(records);
        return Integer.remainderUnsigned(before / STICKY_RECORDS, partitions);
    }
}
