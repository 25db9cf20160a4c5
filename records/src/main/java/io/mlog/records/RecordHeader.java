package io.mlog.records;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A header of a record.
 *
 * @param value bytes between position and limit, or null; not to be written to
 */
public record RecordHeader(String key, @Nullable ByteBuffer value) {}
