package io.mlog.groups;

import java.util.Optional;

/** The partitions of {@code __consumer_offsets} that this broker hosts. Any thread. */
public interface CoordinatorLogs {
    /** The log of that partition, when this broker has a replica of it, leading or not. */
    Optional<CoordinatorLog> log(int partition);
}
