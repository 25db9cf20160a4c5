/**
 * The wire between the Raft servers of two nodes: protobuf messages of Ratis in frames over plain
 * sockets, on the port of {@code --raft-addr}. Knows nothing of metadata. A peer is found by its
 * node id each time a connection is made, so it may come back under another address.
 */
@NullMarked
package io.mlog.cluster.raft.rpc;

import org.jspecify.annotations.NullMarked;
