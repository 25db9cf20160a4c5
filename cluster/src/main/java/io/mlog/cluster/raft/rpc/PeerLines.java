package io.mlog.cluster.raft.rpc;

import io.mlog.model.HostPort;
import io.mlog.model.PeerId;
import java.io.Closeable;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;
import org.apache.ratis.thirdparty.com.google.protobuf.MessageLite;

/**
 * This node's connections to its peers, one for each peer and lane. A peer is looked up by its id
 * each time a connection is made, so it may come back under another address. Any thread.
 */
public final class PeerLines implements Closeable {
    private static final int PROBE_MS = 200;

    private final PeerAddresses addresses;
    private final Consumer<PeerId> lost;
    private final Map<PeerId, HostPort> lastAddresses = new ConcurrentHashMap<>();
    private final Map<Line, PeerConnection> connections = new ConcurrentHashMap<>();

    private record Line(PeerId peer, RaftCall.Lane lane) {}

    /**
     * @param lost told which peer a connection to broke, or could not be made; must not block
     */
    public PeerLines(PeerAddresses addresses, Consumer<PeerId> lost) {
        this.addresses = addresses;
        this.lost = lost;
    }

    /** Every peer that is known, with the best address there is. */
    public SortedMap<PeerId, HostPort> known() {
        SortedMap<PeerId, HostPort> known = new TreeMap<>(lastAddresses);
        known.putAll(addresses.known());
        return known;
    }

    /** Where the peer is, as far as anybody knows. */
    public Optional<HostPort> addressOf(PeerId peer) {
        return Optional.ofNullable(addresses.known().get(peer))
                .or(() -> Optional.ofNullable(lastAddresses.get(peer)));
    }

    /** Remembers an address to try when nobody knows better. */
    public void remember(PeerId peer, HostPort address) {
        lastAddresses.put(peer, address);
    }

    /**
     * Connects and hangs up.
     *
     * @return whether the peer's machine said that nobody listens there; false when somebody does,
     *     and also when nothing was said
     */
    public boolean refuses(PeerId peer) {
        Optional<HostPort> address = addressOf(peer);
        if (address.isEmpty()) {
            return false;
        }
        try (Socket socket = new Socket()) {
            socket.connect(
                    new InetSocketAddress(address.get().host(), address.get().port()), PROBE_MS);
            return false;
        } catch (ConnectException e) {
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** Gives up the connections for commands: whoever waits there waits for a former leader. */
    public void dropCommands(PeerId peer) {
        PeerConnection connection = connections.get(new Line(peer, RaftCall.Lane.COMMANDS));
        if (connection != null) {
            connection.drop();
        }
    }

    @Override
    public void close() {
        connections.values().forEach(PeerConnection::close);
    }

    /** Fails what waits for a follower: who no longer leads must not be held up by it. */
    void dropLog() {
        connections.forEach((line, connection) -> {
            if (line.lane() == RaftCall.Lane.LOG) {
                connection.drop();
            }
        });
    }

    ByteString call(PeerId peer, RaftCall call, MessageLite request, int timeoutMs)
            throws IOException {
        return line(peer, call)
                .call(call, out -> RaftFrames.write(out, call.number(), request), timeoutMs);
    }

    ByteString call(PeerId peer, RaftCall call, ByteString request, int timeoutMs)
            throws IOException {
        return line(peer, call)
                .call(call, out -> RaftFrames.write(out, call.number(), request), timeoutMs);
    }

    private PeerConnection line(PeerId peer, RaftCall call) {
        return connections.computeIfAbsent(
                new Line(peer, call.lane()),
                line -> new PeerConnection(() -> addressOrFail(peer), () -> lost.accept(peer)));
    }

    private HostPort addressOrFail(PeerId peer) throws IOException {
        return addressOf(peer)
                .orElseThrow(() -> new IOException("nobody knows where " + peer + " is"));
    }
}
