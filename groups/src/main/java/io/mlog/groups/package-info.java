/**
 * Consumer groups and their committed offsets: Apache Kafka's own group coordinator, embedded
 * behind a boundary of bytes. Callers see {@link io.mlog.groups.GroupCoordination} and supply
 * {@link io.mlog.groups.CoordinatorLog}; no Kafka type crosses. The only room that may import
 * {@code org.apache.kafka.coordinator}, {@code image}, {@code server}, {@code storage} and {@code
 * timeline}.
 */
@NullMarked
package io.mlog.groups;

import org.jspecify.annotations.NullMarked;
