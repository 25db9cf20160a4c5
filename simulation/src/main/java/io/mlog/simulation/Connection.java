package io.mlog.simulation;

import io.mlog.services.WaitingFetch;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A TCP connection of a client to a broker. Requests and replies keep their order. It breaks when
 * the process at the other end is gone and its machine says so, or when a fault wants it; a machine
 * without power says nothing.
 */
final class Connection {
    private final Network.Pipe requests;
    private final Network.Pipe replies;
    private final SimulatedBroker server;
    private final int client;
    private final Runnable broken;
    private final Set<WaitingFetch> waiting = new LinkedHashSet<>();
    private @Nullable BrokerLife served;
    private boolean over;

    Connection(Network network, int client, SimulatedBroker server, Runnable broken) {
        this.client = client;
        this.server = server;
        this.broken = broken;
        this.requests = network.pipe(client, server.id());
        this.replies = network.pipe(server.id(), client);
    }

    boolean isOver() {
        return over;
    }

    boolean touches(int host) {
        return client == host || server.id() == host;
    }

    int client() {
        return client;
    }

    int serverId() {
        return server.id();
    }

    /** Sends a request; {@code deliver} is run with the process that it reaches. */
    void request(String what, Consumer<BrokerLife> deliver) {
        requests.send(what, () -> arrived(deliver));
    }

    private void arrived(Consumer<BrokerLife> deliver) {
        BrokerLife life = server.life();
        if (life == null) {
            if (server.hasPower()) {
                reset();
            }
        } else if (served == null || served == life) {
            served = life;
            deliver.accept(life);
        } else {
            reset();
        }
    }

    /** Sends a reply, unless the connection is over. */
    void reply(String what, Runnable deliver) {
        if (!over) {
            replies.send(
                    what,
                    () -> {
                        if (!over) {
                            deliver.run();
                        }
                    });
        }
    }

    /** The server waits with a reply: when the connection ends first, the wait does too. */
    void waits(WaitingFetch fetch) {
        waiting.add(fetch);
    }

    void waitsNoMore(WaitingFetch fetch) {
        waiting.remove(fetch);
    }

    /** The client hangs up: the server learns of it after everything that was sent before. */
    void close() {
        over = true;
        replies.lose();
        requests.send("hang-up", this::cancelWaits);
    }

    /** The client's process is gone; its machine says so. */
    void clientDied() {
        close();
    }

    /** The server's process is gone: its machine says so after what was sent before. */
    void serverDied() {
        requests.lose();
        reset();
    }

    /** A fault cuts it: both ends are told. */
    void drop() {
        requests.lose();
        replies.lose();
        requests.send("reset", this::cancelWaits);
        reset();
    }

    private void reset() {
        reply(
                "reset",
                () -> {
                    over = true;
                    broken.run();
                });
    }

    private void cancelWaits() {
        if (served != null && served.isAlive()) {
            List<WaitingFetch> given = List.copyOf(waiting);
            waiting.clear();
            given.forEach(WaitingFetch::cancel);
        }
    }
}
