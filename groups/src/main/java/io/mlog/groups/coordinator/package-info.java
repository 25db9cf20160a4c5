/**
 * The coordination of groups, put together: {@link io.mlog.groups.coordinator.KafkaGroups} starts
 * Kafka's coordinator and answers both of Kafka's protocol and in our own words what it decides.
 * The broker imports it.
 */
@NullMarked
package io.mlog.groups.coordinator;

import org.jspecify.annotations.NullMarked;
