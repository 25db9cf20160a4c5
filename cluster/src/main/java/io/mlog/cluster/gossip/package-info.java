/**
 * Membership on scalecube-cluster: the only package, with its {@code wire}, that sees that library.
 * Imports model, core and {@code cluster.net}; the broker sees {@link
 * io.mlog.cluster.gossip.GossipMembership}, its settings and its keys.
 */
@NullMarked
package io.mlog.cluster.gossip;

import org.jspecify.annotations.NullMarked;
