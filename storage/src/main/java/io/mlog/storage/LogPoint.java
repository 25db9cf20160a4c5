package io.mlog.storage;

/**
 * A place in a log: behind a batch of one of its segments.
 *
 * @param segmentBase base offset of the segment
 * @param position in its file
 * @param offset of the record after it
 */
record LogPoint(long segmentBase, int position, long offset) {}
