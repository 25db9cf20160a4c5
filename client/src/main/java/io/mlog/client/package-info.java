/**
 * The Java client of the JSON RPC: {@link io.mlog.client.ProducerClient}, {@link
 * io.mlog.client.ConsumerClient} and {@link io.mlog.client.AdminClient}. Each has one event loop
 * thread that owns its connections and everything on their way; callers' threads meet it in a few
 * small objects that say so. Records and requests are those of {@code io.mlog.protocol}.
 */
@NullMarked
package io.mlog.client;

import org.jspecify.annotations.NullMarked;
