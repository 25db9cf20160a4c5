/**
 * The wire between the gossip of two nodes, on the port of {@code --bind-addr}: our own sockets,
 * frames, sealing and codec under the library's protocol. The library's transport and its codec,
 * which would deserialise whatever a stranger sends, are not on the class path or never asked.
 * Knows nothing of what members mean.
 */
@NullMarked
package io.mlog.cluster.gossip.wire;

import org.jspecify.annotations.NullMarked;
