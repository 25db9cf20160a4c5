package io.mlog.cluster.gossip.wire;

import io.mlog.cluster.net.BoundPort;
import io.mlog.model.HostPort;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;

/** A transport on a free port of loopback, with all that came to it. */
final class Post implements Correspondence, AutoCloseable {
    final GossipTransport transport;
    final List<Letter> letters = new CopyOnWriteArrayList<>();
    final List<HostPort> broken = new CopyOnWriteArrayList<>();
    final List<Refusal> refusals = new CopyOnWriteArrayList<>();
    private final String clusterId;

    private Post(String clusterId, BoundPort port, String... keys) {
        this.clusterId = clusterId;
        transport =
                new GossipTransport(
                        port,
                        new WireSettings(
                                port.address(), Arrays.stream(keys).map(ClusterKey::of).toList()),
                        this);
        transport.start().block();
    }

    static Post of(String clusterId, String... keys) throws IOException {
        return at(new HostPort("127.0.0.1", 0), clusterId, keys);
    }

    static Post at(HostPort address, String clusterId, String... keys) throws IOException {
        return new Post(clusterId, BoundPort.bind(address, "--bind-addr"), keys);
    }

    HostPort address() {
        return transport.settings().advertised();
    }

    /** Sends a letter that names its sender; returns when the network has it. */
    void sendTo(Post other) throws Exception {
        introduceTo(other.address()).get(30, TimeUnit.SECONDS);
    }

    /** Likewise, to someone who refuses it: perhaps before all of it is sent. */
    void sendInVain(HostPort other) {
        var _ = introduceTo(other);
    }

    private CompletableFuture<Void> introduceTo(HostPort other) {
        return transport.introduce(other, new Packet.TagsRequest(boot()));
    }

    Boot boot() {
        return new Boot("node-1", 1, address());
    }

    void awaitLetterOf(Post sender) throws Exception {
        await(
                "a letter of " + sender.address(),
                () ->
                        letters.stream()
                                .anyMatch(letter -> letter.sender().equals(sender.address())));
    }

    void awaitRefusal(Refusal refusal) throws Exception {
        await(refusal + " among " + refusals, () -> refusals.contains(refusal));
    }

    /** The next connection to a port that only greets as a transport does. */
    static Socket greeted(ServerSocket server) throws IOException {
        Socket socket = server.accept();
        Greeting.of(false).write(socket.getOutputStream());
        var _ = Greeting.read(new DataInputStream(socket.getInputStream()));
        return socket;
    }

    static void await(String what, BooleanSupplier condition) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new TimeoutException("not within 30 s: " + what);
            }
            TimeUnit.MILLISECONDS.sleep(5);
        }
    }

    @Override
    public String clusterId() {
        return clusterId;
    }

    @Override
    public Optional<Packet> admit(Letter letter) {
        letters.add(letter);
        return Optional.of(letter.packet());
    }

    @Override
    public void sending(Packet packet) {
        // Of no interest here.
    }

    @Override
    public void broken(HostPort peer) {
        broken.add(peer);
    }

    @Override
    public void refused(HostPort peer, Refusal refusal) {
        refusals.add(refusal);
    }

    @Override
    public void close() {
        transport.close();
    }
}
