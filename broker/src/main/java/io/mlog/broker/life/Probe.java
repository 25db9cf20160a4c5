package io.mlog.broker.life;

import io.mlog.model.HostPort;
import java.util.function.Consumer;

/** Finds out whether anything listens at an address. */
public interface Probe {
    /**
     * Tries to connect, without blocking the caller.
     *
     * @param done told once, on any thread: true when the address said that nobody listens there;
     *     false when it was reached, and also when nothing came back, which tells nothing
     */
    void connect(HostPort address, Consumer<Boolean> done);
}
