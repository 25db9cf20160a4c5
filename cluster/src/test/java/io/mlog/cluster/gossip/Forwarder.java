package io.mlog.cluster.gossip;

import io.mlog.model.HostPort;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Forwards connections to a node that advertises its address, until it is cut. */
final class Forwarder implements AutoCloseable {
    private final ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private volatile @Nullable HostPort target;
    private volatile boolean cut;

    Forwarder() throws IOException {
        Thread.ofVirtual().start(this::acceptAll);
    }

    HostPort address() {
        return new HostPort("127.0.0.1", listener.getLocalPort());
    }

    void to(HostPort address) {
        target = address;
    }

    void cut() {
        cut = true;
        sockets.forEach(Forwarder::closeQuietly);
    }

    void mend() {
        cut = false;
    }

    private void acceptAll() {
        while (!listener.isClosed()) {
            try {
                Socket near = listener.accept();
                HostPort there = target;
                if (cut || there == null) {
                    near.close();
                } else {
                    Socket far = new Socket(there.host(), there.port());
                    sockets.add(near);
                    sockets.add(far);
                    Thread.ofVirtual().start(() -> copy(near, far));
                    Thread.ofVirtual().start(() -> copy(far, near));
                    if (cut) {
                        cut();
                    }
                }
            } catch (IOException e) {
                // Nobody there, or closed.
            }
        }
    }

    private void copy(Socket from, Socket to) {
        try (from;
                to) {
            from.getInputStream().transferTo(to.getOutputStream());
        } catch (IOException e) {
            // Ended by one of them, or cut.
        } finally {
            sockets.remove(from);
            sockets.remove(to);
        }
    }

    private static void closeQuietly(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // It has ended.
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
        cut();
    }
}
