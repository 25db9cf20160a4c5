/**
 * Consumer groups on this broker: when their coordinator runs, which of their partitions it has,
 * and which broker answers for a group. What a coordinator does is the groups module's. Imported by
 * the wiring only.
 */
@NullMarked
package io.mlog.broker.groups;

import org.jspecify.annotations.NullMarked;
