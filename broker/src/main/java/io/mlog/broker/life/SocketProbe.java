package io.mlog.broker.life;

import io.mlog.model.HostPort;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.function.Consumer;

/**
 * Probes by a TCP connection that is closed at once, each on a virtual thread of its own. Whoever
 * asks bounds their number: one at a time for each broker.
 */
public final class SocketProbe implements Probe {
    private static final int TIMEOUT_MS = 1000;

    /** Probes from any thread. */
    public SocketProbe() {}

    @Override
    public void connect(HostPort address, Consumer<Boolean> done) {
        Thread.ofVirtual().name("mlog-probe").start(() -> done.accept(refuses(address)));
    }

    private static boolean refuses(HostPort address) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(address.host(), address.port()), TIMEOUT_MS);
            return false;
        } catch (ConnectException e) {
            // Refused at once; a network without a way there is the same class, and tells nothing.
            return String.valueOf(e.getMessage()).contains("refused");
        } catch (IOException e) {
            return false;
        }
    }
}
