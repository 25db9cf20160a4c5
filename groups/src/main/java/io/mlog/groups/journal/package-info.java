/**
 * What has happened to groups, and where their offsets were: told by records and requests that pass
 * the boundary to Kafka's coordinator, which itself does not remember. Knows nothing of Kafka.
 */
@NullMarked
package io.mlog.groups.journal;

import org.jspecify.annotations.NullMarked;
