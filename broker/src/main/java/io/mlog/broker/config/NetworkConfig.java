package io.mlog.broker.config;

import io.mlog.model.HostPort;
import java.util.Optional;

/**
 * The client port and the bounds of its connections.
 *
 * @param clientAddress where clients are listened for; port 0 takes a free one
 * @param advertisedClientAddress what clients are told, when the operator set it or the advertised
 *     host; port 0 stands for the port that was bound
 * @param eventLoops threads that serve connections; 0 takes one for each processor
 * @param maxFrameBytes largest request
 * @param maxConnections connections at the same time
 * @param maxIdleMs time without a request after which a connection is closed
 * @param maxRequests unanswered requests of one connection
 * @param maxResponseBytes unread answers of one connection
 * @param stallMs time after which a peer that reads nothing is dropped
 * @param fetchMaxBytes most record bytes in one answer
 * @param fetchMaxWaitMs longest wait of a fetch
 */
public record NetworkConfig(
        HostPort clientAddress,
        Optional<HostPort> advertisedClientAddress,
        int eventLoops,
        int maxFrameBytes,
        int maxConnections,
        long maxIdleMs,
        int maxRequests,
        int maxResponseBytes,
        long stallMs,
        int fetchMaxBytes,
        long fetchMaxWaitMs) {
    public NetworkConfig {
        Settings.EVENT_LOOPS.check((long) eventLoops);
        Settings.MAX_FRAME_BYTES.check((long) maxFrameBytes);
        Settings.MAX_CONNECTIONS.check((long) maxConnections);
        Settings.CONNECTIONS_MAX_IDLE_MS.check(maxIdleMs);
        Settings.CONNECTION_MAX_REQUESTS.check((long) maxRequests);
        Settings.CONNECTION_MAX_RESPONSE_BYTES.check((long) maxResponseBytes);
        Settings.CONNECTION_STALL_MS.check(stallMs);
        Settings.FETCH_MAX_BYTES.check((long) fetchMaxBytes);
        Settings.FETCH_MAX_WAIT_MS.check(fetchMaxWaitMs);
    }

    static NetworkConfig from(SettingValues values) {
        int port = values.intOf(Settings.RPC_PORT);
        return new NetworkConfig(
                new HostPort(values.of(Settings.BIND_ADDR).host(), port),
                values.find(Settings.ADVERTISE_CLIENT_ADDR)
                        .or(() ->
                                values.find(Settings.ADVERTISE_ADDR)
                                        .map(host -> HostPort.parse(host + ":" + port))),
                values.intOf(Settings.EVENT_LOOPS),
                values.intOf(Settings.MAX_FRAME_BYTES),
                values.intOf(Settings.MAX_CONNECTIONS),
                values.of(Settings.CONNECTIONS_MAX_IDLE_MS),
                values.intOf(Settings.CONNECTION_MAX_REQUESTS),
                values.intOf(Settings.CONNECTION_MAX_RESPONSE_BYTES),
                values.of(Settings.CONNECTION_STALL_MS),
                values.intOf(Settings.FETCH_MAX_BYTES),
                values.of(Settings.FETCH_MAX_WAIT_MS));
    }
}
