/**
 * The partitions that this broker hosts: the shell around log, idempotence and high watermark, and
 * reading and writing over several of them. Imports no Netty and starts no threads, so that a
 * simulator can drive it.
 */
@NullMarked
package io.mlog.broker.partition;

import org.jspecify.annotations.NullMarked;
