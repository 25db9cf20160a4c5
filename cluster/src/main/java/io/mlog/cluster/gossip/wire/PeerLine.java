package io.mlog.cluster.gossip.wire;

import io.mlog.model.HostPort;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The way to one address: a bounded queue of letters and the thread that sends them, over a
 * connection that is made when needed. A letter that cannot be sent is lost, gossip repeats itself.
 * The thread is a platform thread because looking up a name would hold up the carrier of a virtual
 * one.
 */
final class PeerLine {
    static final int MAX_WAITING = 128;
    static final long IDLE_MS = 60_000;

    /** What a line needs of those who keep it. */
    interface Keeper extends PeerLink.Keeper {
        /** Whether the line may end because it was idle; no letter comes after. */
        boolean retire(PeerLine line);
    }

    /**
     * @param afresh whether to leave a connection behind that is not young
     */
    private record Outgoing(byte[] letter, boolean afresh, CompletableFuture<Void> sent) {}

    private final HostPort peer;
    private final Keeper keeper;
    private final BlockingQueue<Outgoing> waiting = new ArrayBlockingQueue<>(MAX_WAITING);
    private volatile boolean closed;
    private volatile @Nullable PeerLink link;
    private final Thread thread;

    PeerLine(HostPort peer, Keeper keeper) {
        this.peer = peer;
        this.keeper = keeper;
        this.thread =
                Thread.ofPlatform().daemon().name("mlog-gossip-to-" + peer).unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    HostPort peer() {
        return peer;
    }

    boolean isIdle() {
        return waiting.isEmpty();
    }

    /**
     * Completes when the letter was given to the network; fails when it could not be.
     *
     * @param afresh whether to leave a connection behind that is not young, even one that is stuck
     */
    CompletableFuture<Void> send(byte[] letter, boolean afresh) {
        Outgoing outgoing = new Outgoing(letter, afresh, new CompletableFuture<>());
        PeerLink present = link;
        if (afresh && present != null && present.isStuck()) {
            present.close();
        }
        if (!waiting.offer(outgoing)) {
            outgoing.sent.completeExceptionally(
                    new IOException("%d letters to %s wait already".formatted(MAX_WAITING, peer)));
        }
        return outgoing.sent;
    }

    /** Ends the thread; letters that wait are lost. */
    void close() {
        closed = true;
        thread.interrupt();
        drop();
    }

    void awaitEnd(long ms) throws InterruptedException {
        thread.join(ms);
    }

    private void run() {
        try {
            while (!closed) {
                Outgoing next = waiting.poll(IDLE_MS, TimeUnit.MILLISECONDS);
                if (next != null) {
                    deliver(next);
                } else if (keeper.retire(this)) {
                    return;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            closed = true;
            drop();
            failWaiting(new IOException("the line to " + peer + " was closed"));
        }
    }

    private void deliver(Outgoing outgoing) {
        try {
            connected(outgoing.afresh).write(outgoing.letter);
            outgoing.sent.complete(null);
        } catch (IOException | RuntimeException e) {
            drop();
            outgoing.sent.completeExceptionally(e);
            failWaiting(e);
        }
    }

    private PeerLink connected(boolean afresh) throws IOException {
        PeerLink present = link;
        if (present != null && present.isOpen() && !(afresh && !present.isYoung())) {
            return present;
        }
        drop();
        PeerLink fresh = new PeerLink(peer, keeper);
        link = fresh;
        if (closed) {
            fresh.close();
        }
        fresh.open();
        return fresh;
    }

    private void drop() {
        PeerLink present = link;
        if (present != null) {
            present.close();
        }
    }

    private void failWaiting(Exception cause) {
        List<Outgoing> lost = new ArrayList<>();
        waiting.drainTo(lost);
        lost.forEach(each -> each.sent.completeExceptionally(cause));
    }
}
