package io.mlog.services;

import io.mlog.model.TopicPartition;
import java.util.List;
import java.util.Optional;

/**
 * A sign of life of a group member, which also joins (member epoch 0) and leaves (-1), as KIP-848's
 * ConsumerGroupHeartbeat does.
 *
 * @param memberId chosen by the member, the same as long as it lives
 * @param memberEpoch the last one it was answered; 0 to join, -1 to leave
 * @param rebalanceTimeoutMs how long it may take to give partitions up; -1 when unchanged
 * @param topics what it subscribes; empty when unchanged
 * @param owned what it reads at present; empty when unchanged
 */
public record GroupHeartbeat(
        String group,
        String memberId,
        int memberEpoch,
        int rebalanceTimeoutMs,
        Optional<List<String>> topics,
        Optional<List<TopicPartition>> owned,
        GroupCaller caller) {}
