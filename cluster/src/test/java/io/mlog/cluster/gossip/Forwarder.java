package io.mlog.cluster.gossip;

import io.mlog.cluster.gossip.wire.Overheard;
import io.mlog.model.HostPort;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Forwards gossip to a node that advertises its address, until it is cut. */
final class Forwarder implements AutoCloseable {
    private final ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final Overheard overheard;
    private volatile @Nullable HostPort target;
    private volatile boolean cut;

    Forwarder() throws IOException {
        this(new Overheard());
    }

    /**
     * @param overheard hears what is forwarded
     */
    Forwarder(Overheard overheard) throws IOException {
        this.overheard = overheard;
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
                    Thread.ofVirtual().start(() -> copy(near, far, overheard::passOn));
                    Thread.ofVirtual().start(() -> copy(far, near, InputStream::transferTo));
                    if (cut) {
                        cut();
                    }
                }
            } catch (IOException e) {
                // Nobody there, or closed.
            }
        }
    }

    private void copy(Socket from, Socket to, Copying copying) {
        try (from;
                to) {
            copying.copy(from.getInputStream(), to.getOutputStream());
        } catch (IOException e) {
            // Ended by one of them, or cut.
        } finally {
            sockets.remove(from);
            sockets.remove(to);
        }
    }

    private interface Copying {
        void copy(InputStream from, OutputStream to) throws IOException;
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
