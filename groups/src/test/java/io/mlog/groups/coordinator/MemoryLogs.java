package io.mlog.groups.coordinator;

import io.mlog.groups.CoordinatorLog;
import io.mlog.groups.CoordinatorLogs;
import io.mlog.groups.OffsetsTopic;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** All partitions of the offsets topic in memory. */
final class MemoryLogs implements CoordinatorLogs {
    private final MemoryLog[] logs =
            Stream.generate(MemoryLog::new)
                    .limit(OffsetsTopic.PARTITIONS)
                    .toArray(MemoryLog[]::new);

    @Override
    public Optional<CoordinatorLog> log(int partition) {
        return Optional.of(logs[partition]);
    }

    MemoryLog of(String group) {
        return logs[OffsetsTopic.partitionFor(group)];
    }

    MemoryLog partition(int partition) {
        return logs[partition];
    }

    void lead(int epoch) {
        IntStream.range(0, logs.length).forEach(partition -> logs[partition].lead(epoch));
    }
}
