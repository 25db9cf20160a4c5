package io.mlog.core.metadata;

import static io.mlog.core.metadata.Decision.refuse;

import io.mlog.core.metadata.CommandResult.Outcome;
import io.mlog.core.metadata.MetadataCommand.AllocateProducerIds;
import io.mlog.core.metadata.MetadataCommand.CommitGroupOffsets;
import io.mlog.core.metadata.MetadataRecord.GroupForgotten;
import io.mlog.core.metadata.MetadataRecord.GroupOffsetCommitted;
import io.mlog.core.metadata.MetadataRecord.ProducerIdsAllocated;
import io.mlog.model.ErrorCode;
import io.mlog.model.TopicPartition;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Decides what clients are given to keep: producer ids and committed offsets. */
final class ClientStateDecider {
    private ClientStateDecider() {}

    static Decision allocate(MetadataImage image, AllocateProducerIds command) {
        int count = command.count();
        if (count < 1 || count > MetadataLimits.PRODUCER_IDS_AT_ONCE) {
            throw refuse(
                    ErrorCode.INVALID_REQUEST,
                    "1 to %d producer ids can be reserved at once, %d were asked for"
                            .formatted(MetadataLimits.PRODUCER_IDS_AT_ONCE, count));
        }
        long first = image.nextProducerId();
        return new Decision.Accepted(
                List.of(new ProducerIdsAllocated(Math.addExact(first, count))),
                after -> new Outcome.ProducerIds(first, count));
    }

    static Decision commit(MetadataImage image, CommitGroupOffsets command) {
        String group = command.group();
        if (group.isEmpty() || group.length() > MetadataLimits.GROUP_NAME_LENGTH) {
            throw refuse(
                    ErrorCode.INVALID_GROUP_ID,
                    "a group's name has 1 to %d characters, this one has %d"
                            .formatted(MetadataLimits.GROUP_NAME_LENGTH, group.length()));
        }
        List<MetadataRecord> records = new ArrayList<>(command.offsets().size());
        if (!command.offsets().isEmpty() && !image.groupOffsets().containsKey(group)) {
            makeRoom(image, command.nowMs(), records);
        }
        new TreeMap<>(command.offsets())
                .forEach((partition, offset) -> {
                    checkOffset(image, partition, offset);
                    records.add(
                            new GroupOffsetCommitted(
                                    group, partition, new GroupOffset(offset, command.nowMs())));
                });
        return Decision.accept(records);
    }

    private static void checkOffset(MetadataImage image, TopicPartition partition, long offset) {
        if (image.partition(partition).isEmpty()) {
            throw refuse(
                    ErrorCode.UNKNOWN_TOPIC_OR_PARTITION,
                    "an offset was committed for %s, which does not exist".formatted(partition));
        }
        if (offset < 0) {
            throw refuse(
                    ErrorCode.OFFSET_OUT_OF_RANGE,
                    "offset %d was committed for %s; offsets start at 0"
                            .formatted(offset, partition));
        }
    }

    private static void makeRoom(MetadataImage image, long nowMs, List<MetadataRecord> records) {
        if (image.groupOffsets().size() < MetadataLimits.GROUPS) {
            return;
        }
        var idlest =
                image.groupOffsets().entrySet().stream()
                        .map(e -> Map.entry(e.getKey(), lastCommitMs(e.getValue())))
                        .min(
                                Map.Entry.<String, Long>comparingByValue()
                                        .thenComparing(Map.Entry.comparingByKey()))
                        .orElseThrow();
        if (nowMs - idlest.getValue() < MetadataLimits.GROUP_IDLE_MS) {
            throw refuse(
                    ErrorCode.POLICY_VIOLATION,
                    ("%d groups have committed offsets and none was idle for %d ms: no room for"
                                    + " another; use a name that exists")
                            .formatted(MetadataLimits.GROUPS, MetadataLimits.GROUP_IDLE_MS));
        }
        records.add(new GroupForgotten(idlest.getKey()));
    }

    private static long lastCommitMs(Map<TopicPartition, GroupOffset> offsets) {
        return offsets.values().stream()
                .map(GroupOffset::committedAtMs)
                .max(Comparator.naturalOrder())
                .orElse(0L);
    }
}
