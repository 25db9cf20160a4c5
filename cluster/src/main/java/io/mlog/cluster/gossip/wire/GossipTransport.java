package io.mlog.cluster.gossip.wire;

import io.mlog.cluster.net.BoundPort;
import io.mlog.model.HostPort;
import io.scalecube.cluster.transport.api.Message;
import io.scalecube.cluster.transport.api.Transport;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * The library's transport on our wire. Sends over {@link PeerLines}, receives by {@link
 * GossipListener}; the answer to a question comes on a connection that the other side makes. What
 * the library does not take in time is dropped, as a network would. Any thread.
 */
public final class GossipTransport implements Transport, GossipListener.Household {
    /** The library's name for all members; which cluster they are of is checked by us. */
    public static final String NAMESPACE = "mlog";

    private final WireSettings settings;
    private final Correspondence correspondence;
    private final PeerLines lines;
    private final GossipListener listener;
    private final Sinks.Many<Message> incoming = Sinks.many().multicast().directBestEffort();
    private volatile boolean stopped;

    /** On a port that is bound; closes it when stopped. */
    public GossipTransport(BoundPort port, WireSettings settings, Correspondence correspondence) {
        this.settings = settings;
        this.correspondence = correspondence;
        this.lines = new PeerLines(settings, correspondence);
        this.listener = new GossipListener(port, this);
    }

    @Override
    public String address() {
        return settings.advertised().toString();
    }

    @Override
    public Mono<Transport> start() {
        return Mono.fromSupplier(() -> {
            listener.start();
            return this;
        });
    }

    @Override
    public Mono<Void> stop() {
        return Mono.fromRunnable(this::close);
    }

    @Override
    public boolean isStopped() {
        return stopped;
    }

    @Override
    public Mono<Void> send(String address, Message message) {
        return Mono.create(sink ->
                post(HostPort.parse(address), message)
                        .whenComplete((done, e) -> {
                            if (e == null) {
                                sink.success();
                            } else {
                                sink.error(e);
                            }
                        }));
    }

    @Override
    public Mono<Message> requestResponse(String address, Message request) {
        return Mono.create(sink -> {
            Disposable answer =
                    incoming.asFlux()
                            .filter(each -> request.correlationId().equals(each.correlationId()))
                            .subscribe(sink::success, sink::error, sink::success);
            Disposable question = send(address, request).subscribe(null, sink::error);
            sink.onDispose(() -> {
                answer.dispose();
                question.dispose();
            });
        });
    }

    @Override
    public Flux<Message> listen() {
        return incoming.asFlux();
    }

    /**
     * Sends a packet that the library has not asked for, not over an old connection: whatever kept
     * that from working is left behind.
     *
     * @return completes when the letter was given to the network; fails with an {@link IOException}
     */
    public CompletableFuture<Void> introduce(HostPort peer, Packet packet) {
        return post(peer, "", packet, true);
    }

    /** Gives back the port and all connections; does not wait for the ends of threads. */
    public void close() {
        stopped = true;
        lines.close();
        try {
            listener.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            synchronized (incoming) {
                var _ = incoming.tryEmitComplete();
            }
        }
    }

    /** Waits for the ends of the threads, for a few seconds at most. */
    public void awaitEnd() throws InterruptedException {
        lines.awaitEnd();
        listener.awaitEnd();
    }

    @Override
    public WireSettings settings() {
        return settings;
    }

    @Override
    public String clusterId() {
        return correspondence.clusterId();
    }

    @Override
    public boolean isOurs(byte[] random) {
        return lines.isOurs(random);
    }

    @Override
    public void take(Letter letter) {
        Optional<Packet> admitted = correspondence.admit(letter);
        if (admitted.isPresent()) {
            Message message =
                    LibraryMessages.message(
                            new Letter(
                                    letter.clusterId(),
                                    letter.sender(),
                                    letter.correlation(),
                                    admitted.get()));
            synchronized (incoming) {
                var _ = incoming.tryEmitNext(message);
            }
        }
    }

    private CompletableFuture<Void> post(HostPort peer, Message message) {
        Packet packet = LibraryMessages.packet(message);
        correspondence.sending(packet);
        return post(peer, Optional.ofNullable(message.correlationId()).orElse(""), packet, false);
    }

    private CompletableFuture<Void> post(
            HostPort peer, String correlation, Packet packet, boolean afresh) {
        Letter letter =
                new Letter(correspondence.clusterId(), settings.advertised(), correlation, packet);
        try {
            return lines.send(peer, LetterCodec.encode(letter), afresh);
        } catch (IOException e) {
            return CompletableFuture.failedFuture(e);
        }
    }
}
