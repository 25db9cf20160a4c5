package io.mlog.services;

import io.mlog.model.TopicPartition;
import java.util.List;
import java.util.Optional;

/**
 * The answer to a heartbeat.
 *
 * @param memberEpoch to be sent with the next heartbeat and with commits
 * @param heartbeatIntervalMs when the next one is due
 * @param assignment what the member may read from now on; empty when unchanged
 */
public record GroupMembership(
        String memberId,
        int memberEpoch,
        int heartbeatIntervalMs,
        Optional<List<TopicPartition>> assignment) {}
