package io.mlog.systemtests.faults;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A port of a node as the others know it: whoever connects there reaches the node's own port, by
 * the links between the two. While it is shut, connections are refused, as those to a dead process
 * are.
 */
final class Door implements AutoCloseable {
    private static final int MOST_WIRES = 1_000;

    private final int node;
    private final InetSocketAddress known;
    private final InetSocketAddress own;
    private final Callers callers;
    private final Links links;
    private final Set<Wire> wires = ConcurrentHashMap.newKeySet();
    private @Nullable Listening listening; // guarded by this

    /** An open port, and the thread that accepts there. */
    private record Listening(ServerSocket socket, Thread acceptor) {}

    /** Tells who is at the other end of an accepted connection. */
    interface Callers {
        /** What {@link #of} answers of a connection that its caller has given up meanwhile. */
        int GONE = -1;

        /** The number of the node, 0 for a client, or {@link #GONE}. */
        int of(Socket accepted) throws IOException;
    }

    /** The ways between places. */
    interface Links {
        Link between(int from, int to);
    }

    /**
     * @param known where others believe the node to be
     * @param own where it is
     */
    Door(int node, InetSocketAddress known, InetSocketAddress own, Callers callers, Links links) {
        this.node = node;
        this.known = known;
        this.own = own;
        this.callers = callers;
        this.links = links;
    }

    int node() {
        return node;
    }

    /** Accepts from now on. */
    synchronized void open() throws IOException {
        if (listening == null) {
            ServerSocket socket = new ServerSocket();
            socket.bind(known, MOST_WIRES);
            Thread acceptor = Thread.ofVirtual().name("door-" + known).start(() -> accept(socket));
            listening = new Listening(socket, acceptor);
        }
    }

    /** Refuses from now on, and resets what is open. */
    synchronized void shut() throws IOException {
        Listening present = listening;
        if (present != null) {
            listening = null;
            present.socket.close();
            awaitEnd(present.acceptor);
        }
        reset(_ -> true);
    }

    /** The port is free again only when nobody accepts there any more. */
    private static void awaitEnd(Thread acceptor) {
        try {
            acceptor.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Resets the connections of some callers.
     *
     * @return how many
     */
    int reset(Predicate<Integer> ofCaller) {
        int count = 0;
        for (Wire wire : wires) {
            if (ofCaller.test(wire.caller())) {
                wire.reset();
                count++;
            }
        }
        return count;
    }

    private void accept(ServerSocket from) {
        while (!from.isClosed()) {
            try {
                admit(from.accept());
            } catch (IOException e) {
                // Shut, or a caller went away while it was looked at.
            }
        }
    }

    private void admit(Socket accepted) throws IOException {
        int caller = callers.of(accepted);
        if (caller == Callers.GONE || wires.size() >= MOST_WIRES) {
            accepted.close();
            return;
        }
        Wire[] self = new Wire[1];
        Wire wire =
                new Wire(
                        caller,
                        accepted,
                        links.between(caller, node),
                        links.between(node, caller),
                        () -> wires.remove(self[0]));
        self[0] = wire;
        wires.add(wire);
        Thread.ofVirtual().name("wire-to-" + known).start(() -> wire.carry(own));
    }

    @Override
    public void close() throws IOException {
        shut();
    }
}
