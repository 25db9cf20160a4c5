package io.mlog.simulation;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * The network between hosts: host {@value #CLIENTS} are the clients, the others the brokers. What
 * is sent over one {@link Pipe} arrives in order; different pipes overtake each other. While a way
 * is cut nothing arrives, and what was under way arrives when it is healed.
 */
final class Network {
    static final int CLIENTS = 0;

    private static final int LEAST_MICROS = 40;
    private static final int SPREAD_MICROS = 700;

    private final Scheduler scheduler;
    private final RandomGenerator random;
    private final int hosts;
    private final boolean[][] cut;
    private final int[][] delayMicros;
    private final long[] asleepUntilMicros;
    private final List<Pipe> blocked = new ArrayList<>();
    private final List<Connection> connections = new ArrayList<>();

    Network(Scheduler scheduler, RandomGenerator random, int brokers) {
        this.scheduler = scheduler;
        this.random = random;
        this.hosts = brokers + 1;
        this.cut = new boolean[hosts][hosts];
        this.delayMicros = new int[hosts][hosts];
        this.asleepUntilMicros = new long[hosts];
    }

    // ---- faults

    void cut(int from, int to) {
        cut[from][to] = true;
    }

    /** Cuts a host off from the other brokers, and from the clients too when wanted. */
    void isolate(int host, boolean fromClients) {
        for (int other = fromClients ? CLIENTS : 1; other < hosts; other++) {
            if (other != host) {
                cut(host, other);
                cut(other, host);
            }
        }
    }

    void delay(int from, int to, int micros) {
        delayMicros[from][to] = micros;
    }

    /** The process there takes nothing in until that time; 0 ends that. */
    void sleep(int host, long untilMicros) {
        asleepUntilMicros[host] = untilMicros;
    }

    boolean isAsleep(int host) {
        return asleepUntilMicros[host] > scheduler.nowMicros();
    }

    void uncut(int from, int to) {
        cut[from][to] = false;
        resumeBlocked();
    }

    void heal() {
        for (int from = 0; from < hosts; from++) {
            for (int to = 0; to < hosts; to++) {
                cut[from][to] = false;
                delayMicros[from][to] = 0;
            }
        }
        resumeBlocked();
    }

    private void resumeBlocked() {
        List<Pipe> released = List.copyOf(blocked);
        blocked.clear();
        released.forEach(Pipe::resume);
    }

    boolean passes(int from, int to) {
        return !cut[from][to];
    }

    boolean passesBothWays(int one, int other) {
        return passes(one, other) && passes(other, one);
    }

    long latencyMicros(int from, int to) {
        int slow = delayMicros[from][to];
        long usual = (long) LEAST_MICROS + random.nextInt(SPREAD_MICROS);
        return slow == 0 ? usual : usual + slow / 2 + random.nextInt(slow);
    }

    // ---- connections

    /** Opens a connection; whether anybody listens is learnt from what is sent. */
    Connection connect(int from, SimulatedBroker to, Runnable broken) {
        Connection connection = new Connection(this, from, to, broken);
        connections.removeIf(Connection::isOver);
        connections.add(connection);
        return connection;
    }

    /** The open connections, in the order of their age. */
    List<Connection> connections() {
        connections.removeIf(Connection::isOver);
        return List.copyOf(connections);
    }

    Pipe pipe(int from, int to) {
        return new Pipe(from, to);
    }

    /** One direction of a connection. */
    final class Pipe {
        private final int from;
        private final int to;
        private final ArrayDeque<Runnable> underWay = new ArrayDeque<>();
        private long lastArrivalMicros;
        private int held;

        private Pipe(int from, int to) {
            this.from = from;
            this.to = to;
        }

        void send(String what, Runnable deliver) {
            long now = scheduler.nowMicros();
            lastArrivalMicros = Math.max(lastArrivalMicros, now + latencyMicros(from, to));
            underWay.add(deliver);
            scheduler.after(lastArrivalMicros - now, what, this::arrives);
        }

        private void arrives() {
            if (underWay.isEmpty()) {
                return; // it was lost with the connection
            }
            if (held > 0 || !passes(from, to)) {
                if (held++ == 0) {
                    blocked.add(this);
                }
                return;
            }
            long sleeps = asleepUntilMicros[to] - scheduler.nowMicros();
            if (sleeps > 0) {
                scheduler.after(sleeps, "the process wakes", this::arrives);
                return;
            }
            underWay.remove().run();
        }

        private void resume() {
            int waiting = held;
            held = 0;
            long now = scheduler.nowMicros();
            for (int i = 0; i < waiting; i++) {
                lastArrivalMicros = Math.max(lastArrivalMicros, now + latencyMicros(from, to));
                scheduler.after(lastArrivalMicros - now, "held message", this::arrives);
            }
        }

        void lose() {
            underWay.clear();
        }
    }
}
