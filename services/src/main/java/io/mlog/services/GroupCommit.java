package io.mlog.services;

import io.mlog.model.TopicPartition;
import java.util.Map;
import java.util.Optional;

/**
 * Offsets to commit.
 *
 * @param member who commits; empty for one that is no member, which is taken only while the group
 *     has no members
 * @param offsets next offset to read, by partition
 */
public record GroupCommit(
        String group,
        Optional<GroupMember> member,
        Map<TopicPartition, Long> offsets,
        GroupCaller caller) {
    public GroupCommit {
        offsets = Map.copyOf(offsets);
    }
}
