/**
 * The one port: accepting, telling languages apart, framing, bounds and back-pressure of
 * connections. Knows Netty and bytes; what requests mean is behind {@link
 * io.mlog.broker.net.JsonService}, {@link io.mlog.broker.net.HttpLanguage} and the Kafka room.
 * Imported by the broker's wiring, {@code rpc} and {@code http}.
 */
@NullMarked
package io.mlog.broker.net;

import org.jspecify.annotations.NullMarked;
