package io.mlog.storage;

/**
 * A place between two batches of a segment.
 *
 * @param offset of the record after it
 * @param position in the segment's file
 */
record Boundary(long offset, int position) {}
