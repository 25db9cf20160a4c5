package io.mlog.cluster.gossip.wire;

import io.mlog.model.HostPort;

/**
 * A packet on its way.
 *
 * @param clusterId the sender's cluster, empty while it does not know it
 * @param sender where the sender is reached: answers go there, on another connection
 * @param correlation which question it belongs to, empty for none
 */
public record Letter(String clusterId, HostPort sender, String correlation, Packet packet) {}
