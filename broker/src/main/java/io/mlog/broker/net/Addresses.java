package io.mlog.broker.net;

import io.mlog.model.HostPort;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/** Socket addresses as the glossary's type. */
final class Addresses {
    private Addresses() {}

    /** The address in numbers; {@code 0.0.0.0:0} for a socket that is closed already. */
    static HostPort of(@Nullable SocketAddress address) {
        return address instanceof InetSocketAddress inet && inet.getAddress() != null
                ? new HostPort(inet.getAddress().getHostAddress(), inet.getPort())
                : new HostPort("0.0.0.0", 0);
    }
}
