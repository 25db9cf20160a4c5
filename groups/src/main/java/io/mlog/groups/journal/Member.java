package io.mlog.groups.journal;

/**
 * A member of a group as its records tell it.
 *
 * @param instanceId of a static member, else empty
 * @param sessionTimeoutMs silence after which it is removed
 * @param rebalanceTimeoutMs how long it may take to take part in a rebalance
 */
public record Member(
        String id,
        String instanceId,
        String clientId,
        String host,
        int sessionTimeoutMs,
        int rebalanceTimeoutMs) {
    /** The member in a sentence. */
    String described() {
        return (instanceId.isEmpty() ? "member " : "static member " + instanceId + " = ")
                + id
                + " (client "
                + clientId
                + " at "
                + host
                + ")";
    }
}
