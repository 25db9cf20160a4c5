package io.mlog.cluster.raft;

import io.mlog.model.HostPort;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * The way from one node to another, through a port of its own, so that it can be cut: refused as if
 * the other process were gone, or stalled as if a cable were.
 */
final class Relay implements AutoCloseable {
    /** Told each frame that is sent this way, without its length; may cut the way before it. */
    interface Watch {
        void sending(Relay relay, byte[] frame) throws IOException;
    }

    private static final int GREETING_BYTES = 8;

    private final Supplier<HostPort> target;
    private volatile Watch watch = (relay, frame) -> {};
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition flows = lock.newCondition();
    private ServerSocket server; // guarded by lock
    private boolean stalled; // guarded by lock
    private volatile boolean closed;

    /**
     * @param target where the other node is at this moment
     */
    Relay(Supplier<HostPort> target) throws IOException {
        this.target = target;
        server = listen();
    }

    void watch(Watch newWatch) {
        watch = newWatch;
    }

    HostPort address() {
        lock.lock();
        try {
            return new HostPort("127.0.0.1", server.getLocalPort());
        } finally {
            lock.unlock();
        }
    }

    /** Ends what is open and refuses everything new. */
    void refuse() throws IOException {
        lock.lock();
        try {
            server.close();
        } finally {
            lock.unlock();
        }
        hangUp();
    }

    /** Nothing gets through any more, and nobody is told. */
    void stall() {
        lock.lock();
        try {
            stalled = true;
        } finally {
            lock.unlock();
        }
    }

    /** Everything gets through again, what was held back too. */
    void open() throws IOException {
        lock.lock();
        try {
            stalled = false;
            flows.signalAll();
            if (server.isClosed()) {
                server = listen();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Ends what is open. */
    void hangUp() throws IOException {
        for (Socket socket : sockets) {
            socket.close();
        }
    }

    @Override
    public void close() throws IOException {
        closed = true;
        open();
        refuse();
    }

    private ServerSocket listen() throws IOException {
        ServerSocket listening = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
        Thread.ofVirtual().start(() -> acceptAll(listening));
        return listening;
    }

    private void acceptAll(ServerSocket listening) {
        try {
            while (true) {
                Socket client = listening.accept();
                sockets.add(client);
                Thread.ofVirtual().start(() -> connect(client));
            }
        } catch (IOException closedByUs) {
            // The relay refuses now.
        }
    }

    private void connect(Socket client) {
        HostPort address = target.get();
        try (client;
                Socket peer = new Socket(address.host(), address.port())) {
            sockets.add(peer);
            Thread back = Thread.ofVirtual().start(() -> pumpReplies(peer, client));
            pumpRequests(client, peer);
            back.join();
            sockets.remove(peer);
        } catch (IOException | InterruptedException e) {
            // Whoever connected sees that it ended.
        } finally {
            sockets.remove(client);
        }
    }

    private void pumpRequests(Socket from, Socket to) {
        try {
            DataInputStream in =
                    new DataInputStream(new BufferedInputStream(from.getInputStream()));
            DataOutputStream out =
                    new DataOutputStream(new BufferedOutputStream(to.getOutputStream()));
            out.write(in.readNBytes(GREETING_BYTES));
            while (true) {
                byte[] frame = new byte[in.readInt()];
                in.readFully(frame);
                watch.sending(this, frame);
                awaitFlow();
                out.writeInt(frame.length);
                out.write(frame);
                out.flush();
            }
        } catch (IOException | InterruptedException e) {
            // Ended by one side.
        } finally {
            quietly(from);
            quietly(to);
        }
    }

    private void pumpReplies(Socket from, Socket to) {
        byte[] buffer = new byte[16384];
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int bytes = in.read(buffer); bytes >= 0; bytes = in.read(buffer)) {
                awaitFlow();
                out.write(buffer, 0, bytes);
            }
        } catch (IOException | InterruptedException e) {
            // Ended by one side.
        } finally {
            quietly(from);
            quietly(to);
        }
    }

    private void awaitFlow() throws InterruptedException {
        lock.lock();
        try {
            while (stalled && !closed) {
                flows.await();
            }
        } finally {
            lock.unlock();
        }
    }

    private static void quietly(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // Nothing is lost.
        }
    }
}
