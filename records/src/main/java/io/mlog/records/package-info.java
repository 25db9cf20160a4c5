/**
 * Kafka's record batch format v2 over plain byte buffers: view, builder, iterator, checksum,
 * codecs. Imports model only.
 */
@NullMarked
package io.mlog.records;

import org.jspecify.annotations.NullMarked;
