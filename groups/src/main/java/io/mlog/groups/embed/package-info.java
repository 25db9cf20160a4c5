/**
 * What Kafka's coordinator is run with: its configuration, the log that it writes and loads, the
 * cluster's topics as it wants to see them. Imported by {@code io.mlog.groups.coordinator} only.
 */
@NullMarked
package io.mlog.groups.embed;

import org.jspecify.annotations.NullMarked;
