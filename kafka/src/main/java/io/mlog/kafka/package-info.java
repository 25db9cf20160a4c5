/**
 * The Kafka edge: turns request frames of the Apache Kafka protocol into calls of the broker's
 * services and their outcomes into response frames. The only room that sees {@code
 * org.apache.kafka}; it knows no sockets, no Netty and starts no threads. A listener imports it;
 * nobody else does. Only this package's public types are for others.
 */
@NullMarked
package io.mlog.kafka;

import org.jspecify.annotations.NullMarked;
