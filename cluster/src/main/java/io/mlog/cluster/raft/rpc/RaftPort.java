package io.mlog.cluster.raft.rpc;

import io.mlog.cluster.net.BoundPort;
import io.mlog.model.HostPort;
import java.io.IOException;
import java.net.Socket;

/** The bound port of {@code --raft-addr}. Any thread. */
public final class RaftPort implements AutoCloseable {
    private final BoundPort port;

    private RaftPort(BoundPort port) {
        this.port = port;
    }

    /**
     * Binds.
     *
     * @param wanted port 0 takes any free one
     * @throws IOException as {@link BoundPort#bind}
     */
    public static RaftPort bind(HostPort wanted) throws IOException {
        return new RaftPort(BoundPort.bind(wanted, "--raft-addr"));
    }

    /** The address as given, with the port that was bound. */
    public HostPort address() {
        return port.address();
    }

    /** The next connection; blocks. Fails once closed. */
    Socket accept() throws IOException {
        return port.accept();
    }

    @Override
    public void close() throws IOException {
        port.close();
    }
}
