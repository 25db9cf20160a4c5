package io.mlog.cluster.raft.rpc;

import io.mlog.model.PeerId;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.UUID;
import org.apache.ratis.conf.Parameters;
import org.apache.ratis.rpc.RpcFactory;
import org.apache.ratis.rpc.RpcType;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.RaftServerRpc;
import org.apache.ratis.server.ServerFactory;
import org.apache.ratis.server.leader.FollowerInfo;
import org.apache.ratis.server.leader.LeaderState;
import org.apache.ratis.server.leader.LogAppender;

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
     * @param group the cluster's, as our own calls name it
     * @param self this node
     * @param port where it is reached; closed with the server
     * @param lines to its peers; closed with the server
     * @param followers told what is learned of them
     * @param service answers other nodes
     * @param callTimeoutMs how long a follower may take to answer
     * @param voteTimeoutMs how long a voter may take
     */
    public record Wiring(
            UUID group,
            PeerId self,
            RaftPort port,
            PeerLines lines,
            Followers followers,
            LeaderService service,
            WireEvents events,
            int callTimeoutMs,
            int voteTimeoutMs) {
        /** The parameters that carry it to {@link SocketRpcType}. */
        public Parameters toParameters() {
            Parameters parameters = new Parameters();
            parameters.put(WIRING, this, Wiring.class);
            return parameters;
        }

        QuorumCodec.Receiver receiver() {
            return new QuorumCodec.Receiver(group, self);
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

        @Override
        public LogAppender newLogAppender(
                RaftServer.Division division, LeaderState state, FollowerInfo follower) {
            LogAppender appender =
                    LogAppender.newLogAppenderDefault(ownMonitor(division), state, follower);
            wiring.followers().appending(appender);
            return appender;
        }
    }

    /**
     * The division behind a monitor of its own. Ratis' appender locks its division to report a
     * higher term, while whoever deposes the leader holds that lock and waits for the appenders to
     * end: with one monitor for both they wait for each other for five seconds.
     */
    private static RaftServer.Division ownMonitor(RaftServer.Division division) {
        return (RaftServer.Division)
                Proxy.newProxyInstance(
                        RaftServer.Division.class.getClassLoader(),
                        new Class<?>[] {RaftServer.Division.class},
                        (proxy, method, arguments) -> {
                            try {
                                return method.invoke(division, arguments);
                            } catch (InvocationTargetException e) {
                                throw e.getCause() == null ? e : e.getCause();
                            }
                        });
    }
}
