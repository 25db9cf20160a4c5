package io.mlog.groups.embed;

import org.apache.kafka.coordinator.common.runtime.CoordinatorRecord;

/**
 * Is shown every record of groups and offsets that this broker's coordinators load or write. For
 * one partition one call at a time, on threads of the coordinator: it does not block.
 */
public interface PassingRecords {
    /** The partition is read from its beginning; what was shown of it before is void. */
    void loading(int partition);

    /** A record was read, which was written at that time. */
    void loaded(int partition, long atMs, CoordinatorRecord record);

    /** All of the partition was read, in that leadership of this broker. */
    void loadingEnds(int partition, int leaderEpoch);

    /** Records of that kind are shown when they are written. */
    boolean wants(short recordType);

    /** A record was written; it may not be committed yet. */
    void written(int partition, long atMs, CoordinatorRecord record);

    /** The last record of a batch was shown. */
    void batchEnds(int partition);
}
