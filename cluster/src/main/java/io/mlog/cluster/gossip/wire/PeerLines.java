package io.mlog.cluster.gossip.wire;

import io.mlog.model.HostPort;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The lines to all peers, by address; made by the first letter, ended by a minute of silence. */
final class PeerLines implements PeerLine.Keeper {
    static final int MAX_LINES = 1000;

    private static final long END_MS = 4_000;
    private static final Logger LOG = LoggerFactory.getLogger(PeerLines.class);

    private final WireSettings settings;
    private final Correspondence correspondence;
    private final OncePerMinute complaints = new OncePerMinute(LOG, System::nanoTime);
    private final Map<HostPort, PeerLine> lines = new ConcurrentHashMap<>();
    private final Set<ByteBuffer> ownGreetings = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    PeerLines(WireSettings settings, Correspondence correspondence) {
        this.settings = settings;
        this.correspondence = correspondence;
    }

    /** Completes when the letter was given to the network; fails when it could not be. */
    CompletableFuture<Void> send(HostPort peer, byte[] letter, boolean onNewConnection) {
        CompletableFuture<Void> sent = new CompletableFuture<>();
        lines.compute(
                peer,
                (address, present) -> {
                    PeerLine line = present;
                    if (closed || (line == null && lines.size() >= MAX_LINES)) {
                        sent.completeExceptionally(
                                new IOException(
                                        closed
                                                ? "gossip is closed"
                                                : "there are %d peers already"
                                                        .formatted(MAX_LINES)));
                        return line;
                    }
                    if (line == null) {
                        line = new PeerLine(address, this);
                        line.start();
                    } else if (onNewConnection) {
                        line.drop();
                    }
                    line.send(letter).whenComplete((done, e) -> complete(sent, e));
                    return line;
                });
        return sent;
    }

    /** Whether a greeting with these bytes is one of our own. */
    boolean isOurs(byte[] random) {
        return ownGreetings.contains(ByteBuffer.wrap(random));
    }

    /** Sends no more. */
    void close() {
        closed = true;
        lines.values().forEach(PeerLine::close);
    }

    /** Waits for the threads' ends, for a few seconds at most. */
    void awaitEnd() throws InterruptedException {
        for (PeerLine line : new ArrayList<>(lines.values())) {
            line.awaitEnd(END_MS);
        }
    }

    /** The peers to which there are lines. */
    List<HostPort> peers() {
        return List.copyOf(lines.keySet());
    }

    @Override
    public WireSettings settings() {
        return settings;
    }

    @Override
    public boolean retire(PeerLine line) {
        return lines.computeIfPresent(
                        line.peer(), (peer, present) -> present.isIdle() ? null : present)
                == null;
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

    private static void complete(
            CompletableFuture<Void> future, @org.jspecify.annotations.Nullable Throwable cause) {
        if (cause == null) {
            future.complete(null);
        } else {
            future.completeExceptionally(cause);
        }
    }
}
