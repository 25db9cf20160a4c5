package io.mlog.services;

/**
 * Who asks about a group.
 *
 * @param clientId what the client calls itself
 * @param host the address it comes from, without port
 */
public record GroupCaller(String clientId, String host) {}
