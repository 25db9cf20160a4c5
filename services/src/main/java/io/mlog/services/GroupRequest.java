package io.mlog.services;

import java.nio.ByteBuffer;

/**
 * A request about groups in Kafka's encoding.
 *
 * @param apiKey Kafka's number of the API
 * @param version of the request
 * @param body the request behind its header, from position to limit; owned by the receiver
 */
public record GroupRequest(short apiKey, short version, ByteBuffer body, GroupCaller caller) {}
