package io.mlog.services;

/**
 * A group in a list.
 *
 * @param type {@code classic} or {@code consumer} (KIP-848), as Kafka's tools show it
 * @param protocolType {@code consumer}, {@code connect}, … of a classic group; empty when only
 *     offsets were committed
 * @param state as Kafka names it, such as {@code Stable} or {@code Empty}
 */
public record GroupListing(String group, String type, String protocolType, String state) {}
