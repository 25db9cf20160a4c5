package io.mlog.systemtests.faults;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The network between the nodes of a cluster, and between them and their clients, as a test wants
 * it. Nodes count from 1; {@link #CLIENTS} is everybody else. One thread.
 */
public final class FaultyNetwork implements AutoCloseable {
    /** Everybody who is not a node. */
    public static final int CLIENTS = 0;

    private final int nodes;
    private final Door.Callers callers;
    private final Link[][] links;
    private final List<Door> doors = new ArrayList<>();

    /** A network of so many nodes without any doors. */
    FaultyNetwork(int nodes, Door.Callers callers) {
        this.nodes = nodes;
        this.callers = callers;
        this.links = new Link[nodes + 1][nodes + 1];
        for (Link[] from : links) {
            for (int to = 0; to <= nodes; to++) {
                from[to] = new Link();
            }
        }
    }

    /** Adds a door, shut: a port of the node, where others know it and where it is. */
    void door(int node, InetSocketAddress known, InetSocketAddress own) {
        doors.add(new Door(node, known, own, callers, this::between));
    }

    private Link between(int from, int to) {
        return links[from][to];
    }

    /** The node can be reached from now on, as far as links allow. */
    void open(int node) throws IOException {
        for (Door door : doors) {
            if (door.node() == node) {
                door.open();
            }
        }
    }

    /** Connections to the node are refused from now on. */
    void shut(int node) throws IOException {
        for (Door door : doors) {
            if (door.node() == node) {
                door.shut();
            }
        }
    }

    /** Nothing arrives any more, in neither direction. */
    public void cut(int one, int other) {
        cutOneWay(one, other);
        cutOneWay(other, one);
    }

    /** What {@code from} sends does not arrive at {@code to} any more. */
    public void cutOneWay(int from, int to) {
        between(from, to).hold();
    }

    /** Cuts the node off from all other nodes. Clients go on reaching it. */
    public void isolate(int node) {
        for (int other = 1; other <= nodes; other++) {
            if (other != node) {
                cut(node, other);
            }
        }
    }

    /** What the two send each other arrives so much later, in either direction. */
    public void delay(int one, int other, Duration by) {
        between(one, other).delay(by);
        between(other, one).delay(by);
    }

    /**
     * Resets all connections between the two; they may connect again at once.
     *
     * @return how many there were
     */
    public int reset(int one, int other) {
        int count = 0;
        for (Door door : doors) {
            if (door.node() == one) {
                count += door.reset(caller -> caller == other);
            } else if (door.node() == other) {
                count += door.reset(caller -> caller == one);
            }
        }
        return count;
    }

    /** Everything arrives again, and what was held up now. */
    public void heal() {
        for (Link[] from : links) {
            for (Link link : from) {
                link.free();
            }
        }
    }

    @Override
    public void close() throws IOException {
        for (Door door : doors) {
            door.close();
        }
    }
}
