package io.mlog.services;

import io.mlog.model.TopicPartition;
import java.util.List;

/**
 * A group's present state.
 *
 * @param epoch generation of a classic group, group epoch of a KIP-848 one
 * @param assignor the partition assignment strategy in force; empty when none
 */
public record GroupDescription(
        GroupListing listing, int epoch, String assignor, List<Member> members) {
    /**
     * A member.
     *
     * @param instanceId of a static member; empty when none
     * @param assigned what it reads; empty when unknown, as of members that are no consumers
     */
    public record Member(
            String memberId,
            String instanceId,
            String clientId,
            String host,
            int epoch,
            List<TopicPartition> assigned) {}
}
