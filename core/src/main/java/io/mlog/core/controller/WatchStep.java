package io.mlog.core.controller;

/** What a {@link BrokerWatch} wants done. */
public sealed interface WatchStep {
    /** Try to connect to this boot of the broker and say how that went. */
    record Probe(int brokerId, long bootEpoch) implements WatchStep {}

    /** Take this boot of the broker out of service. */
    record Fence(int brokerId, long bootEpoch, String reason) implements WatchStep {}
}
