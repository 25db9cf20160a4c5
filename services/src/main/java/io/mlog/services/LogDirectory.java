package io.mlog.services;

/**
 * The directory that a broker keeps its logs in.
 *
 * @param totalBytes size of the disk under it
 * @param usableBytes how much of that can still be written
 */
public record LogDirectory(String path, long totalBytes, long usableBytes) {}
