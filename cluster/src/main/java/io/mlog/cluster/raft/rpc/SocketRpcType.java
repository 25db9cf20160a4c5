package io.mlog.cluster.raft.rpc;

import org.apache.ratis.conf.Parameters;
import org.apache.ratis.rpc.RpcFactory;
import org.apache.ratis.rpc.RpcType;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.RaftServerRpc;
import org.apache.ratis.server.ServerFactory;

/**
 * Our transport, as Ratis finds it: by the name of this class. Written because Ratis' own
 * transports never learn that a peer has moved to another address.
 */
public final class SocketRpcType implements RpcType {
    private static final String WIRING = "mlog.raft.rpc";

    /** Called by Ratis, by reflection. */
    public SocketRpcType() {}

    /**
     * What the transport of one server needs; handed through Ratis in its parameters.
     *
     * @param callTimeoutMs bounds connecting to a peer, and each wait for its answer
     */
    public record Wiring(RaftPort port, PeerAddresses addresses, int callTimeoutMs) {
        /** The parameters that carry it to {@link SocketRpcType}. */
        public Parameters toParameters() {
            Parameters parameters = new Parameters();
            parameters.put(WIRING, this, Wiring.class);
            return parameters;
        }
    }

    @Override
    public String name() {
        return SocketRpcType.class.getName();
    }

    @Override
    public RpcFactory newFactory(Parameters parameters) {
        return new Factory(this, parameters.getNonNull(WIRING, Wiring.class));
    }

    private record Factory(SocketRpcType type, Wiring wiring) implements ServerFactory {
        @Override
        public RpcType getRpcType() {
            return type;
        }

        @Override
        public RaftServerRpc newRaftServerRpc(RaftServer server) {
            return new SocketRpc(type, server, wiring);
        }
    }
}
