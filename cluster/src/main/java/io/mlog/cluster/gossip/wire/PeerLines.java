package io.mlog.cluster.gossip.wire;

import io.mlog.model.HostPort;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The lines to all peers, by address; made by the first letter, ended by a minute of silence. Any
 * thread; at most {@value #MAX_LINES}.
 */
final class PeerLines implements PeerLine.Keeper {
    static final int MAX_LINES = 1000;

    private static final long END_MS = 4_000;
    private static final Logger LOG = LoggerFactory.getLogger(PeerLines.class);

    private final WireSettings settings;
    private final Correspondence correspondence;
    private final OncePerMinute complaints = new OncePerMinute(LOG, System::nanoTime);
    private final Map<HostPort, PeerLine> lines = new HashMap<>();
    private final Set<ByteBuffer> ownGreetings = ConcurrentHashMap.newKeySet();
    private boolean closed;

    PeerLines(WireSettings settings, Correspondence correspondence) {
        this.settings = settings;
        this.correspondence = correspondence;
    }

    /** See {@link PeerLine#send}; makes the line when there is none. */
    synchronized CompletableFuture<Void> send(HostPort peer, byte[] letter, boolean afresh) {
        PeerLine line = lines.get(peer);
        if (closed) {
            return CompletableFuture.failedFuture(new IOException("gossip is closed"));
        }
        if (line == null) {
            if (lines.size() >= MAX_LINES) {
                return CompletableFuture.failedFuture(
                        new IOException("there are %d peers already".formatted(MAX_LINES)));
            }
            line = new PeerLine(peer, this);
            lines.put(peer, line);
            line.start();
        }
        return line.send(letter, afresh);
    }

    /** Whether a greeting with these bytes is one of our own. */
    boolean isOurs(byte[] random) {
        return ownGreetings.contains(ByteBuffer.wrap(random));
    }

    /** Sends no more. */
    synchronized void close() {
        closed = true;
        lines.values().forEach(PeerLine::close);
    }

    /** Waits for the threads' ends, for a few seconds at most. */
    void awaitEnd() throws InterruptedException {
        List<PeerLine> ending;
        synchronized (this) {
            ending = List.copyOf(lines.values());
        }
        for (PeerLine line : ending) {
            line.awaitEnd(END_MS);
        }
    }

    @Override
    public WireSettings settings() {
        return settings;
    }

    @Override
    public synchronized boolean retire(PeerLine line) {
        if (!line.isIdle()) {
            return false;
        }
        lines.remove(line.peer(), line);
        return true;
    }

    @Override
    public void greeted(byte[] random) {
        ownGreetings.add(ByteBuffer.wrap(random));
    }

    @Override
    public void forget(byte[] random) {
        ownGreetings.remove(ByteBuffer.wrap(random));
    }

    @Override
    public void ended(HostPort peer, Optional<Refusal> refusal) {
        if (refusal.isEmpty()) {
            correspondence.broken(peer);
            return;
        }
        Refusal reason = refusal.get();
        if (reason != Refusal.OURSELVES) {
            complaints.warn(
                    peer + reason.name(),
                    "%s refuses our gossip: %s".formatted(peer, reason.there()));
        }
        correspondence.refused(peer, reason);
    }
}
