/**
 * Explains the present state of topics, partitions and groups in sentences, from what the brokers
 * tell about them. Pure: no clock, no network. {@link io.mlog.client.AdminClient} collects what is
 * to be explained.
 */
@NullMarked
package io.mlog.client.why;

import org.jspecify.annotations.NullMarked;
