package io.mlog.cluster.net;

import io.mlog.model.HostPort;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A port that is listened on. Bound before anything else of a node starts, so that a busy port ends
 * the start before anything was written. Any thread; one at a time accepts.
 */
public final class BoundPort implements AutoCloseable {
    private static final int BACKLOG = 64;
    private static final long LET_GO_MS = 5_000;

    private final ServerSocket socket;
    private final ReentrantLock accepting = new ReentrantLock();
    private final HostPort address;

    private BoundPort(ServerSocket socket, HostPort address) {
        this.socket = socket;
        this.address = address;
    }

    /**
     * Binds.
     *
     * @param wanted port 0 takes any free one
     * @param flag that the address was given by, such as {@code --bind-addr}
     * @throws IOException when the address is not ours or the port is busy; the message names the
     *     flag, the address and the way out
     */
    public static BoundPort bind(HostPort wanted, String flag) throws IOException {
        InetAddress host;
        try {
            host = InetAddress.getByName(wanted.host());
        } catch (IOException e) {
            throw new IOException(
                    "%s %s: the host is not known; give a name or address of this machine"
                            .formatted(flag, wanted),
                    e);
        }
        ServerSocket socket = new ServerSocket();
        try {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(host, wanted.port()), BACKLOG);
            return new BoundPort(socket, new HostPort(wanted.host(), socket.getLocalPort()));
        } catch (IOException e) {
            socket.close();
            throw new IOException(
                    e instanceof BindException && isBusy(e)
                            ? "%s %s: the port is in use; stop what uses it or choose another, such as make run ARGS='%s %s:PORT'"
                                    .formatted(flag, wanted, flag, wanted.host())
                            : "%s %s cannot be listened on: %s"
                                    .formatted(flag, wanted, e.getMessage()),
                    e);
        }
    }

    /** The address as given, with the port that was bound. */
    public HostPort address() {
        return address;
    }

    /** The next connection; blocks. Fails once closed. */
    public Socket accept() throws IOException {
        accepting.lock();
        try {
            return socket.accept();
        } finally {
            accepting.unlock();
        }
    }

    /**
     * Gives the port back. A thread that accepts holds it until it has noticed, which is waited
     * for, {@value #LET_GO_MS} ms at most: whoever binds it next does not find it in use.
     */
    @Override
    public void close() throws IOException {
        socket.close();
        try {
            if (accepting.tryLock(LET_GO_MS, TimeUnit.MILLISECONDS)) {
                accepting.unlock();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static boolean isBusy(IOException e) {
        String message = e.getMessage();
        return message != null && message.contains("in use");
    }
}
