package io.mlog.services;

import io.mlog.model.ErrorCode;

/**
 * Requests about a partition that were refused for one reason.
 *
 * @param count how many, since this broker has the replica
 * @param lastMs when the last one was, ms since the epoch
 * @param message what that one was told
 */
public record Refusals(ErrorCode code, long count, long lastMs, String message) {}
