package io.mlog.broker;

import io.mlog.broker.config.NetworkConfig;
import io.mlog.broker.net.ConnectionLimits;

/** The listener's bounds, from the configuration. */
final class NetworkLimits {
    /** Memory that unfinished frames of all connections may hold, unless one frame needs more. */
    private static final long PARTIAL_FRAME_BYTES = 256L << 20;

    private static final long FIRST_FRAME_MS = 30_000;

    private NetworkLimits() {}

    static ConnectionLimits of(NetworkConfig network) {
        return new ConnectionLimits(
                network.maxFrameBytes(),
                network.maxIdleMs(),
                Math.min(FIRST_FRAME_MS, network.maxIdleMs()),
                network.stallMs(),
                network.maxConnections(),
                network.maxRequests(),
                network.maxResponseBytes(),
                Math.max(PARTIAL_FRAME_BYTES, network.maxFrameBytes()));
    }

    static int eventLoops(NetworkConfig network) {
        return network.eventLoops() > 0
                ? network.eventLoops()
                : Math.min(8, Runtime.getRuntime().availableProcessors());
    }
}
