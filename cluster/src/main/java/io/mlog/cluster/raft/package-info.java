/**
 * The metadata log on Apache Ratis: the only package that sees Ratis' server. Imports model, core
 * and its own transport in {@code rpc}; the broker sees {@link
 * io.mlog.cluster.raft.RatisMetadataLog}, its settings and its port.
 */
@NullMarked
package io.mlog.cluster.raft;

import org.jspecify.annotations.NullMarked;
