/**
 * Requests and responses of Kafka's protocol about groups: reading, refusing and writing them.
 * Needs Kafka's message classes only, so a broker without any group loads nothing of the
 * coordinator.
 */
@NullMarked
package io.mlog.groups.api;

import org.jspecify.annotations.NullMarked;
