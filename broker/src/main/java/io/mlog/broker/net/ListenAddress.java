package io.mlog.broker.net;

import io.mlog.model.HostPort;
import java.net.BindException;
import java.net.InetSocketAddress;

/**
 * Where to listen.
 *
 * @param address port 0 takes a free one
 * @param flag the setting that the port comes from, such as {@code --rpc-port}, for messages
 */
public record ListenAddress(HostPort address, String flag) {
    InetSocketAddress toSocketAddress() {
        return new InetSocketAddress(address.host(), address.port());
    }

    /** What to tell an operator whose port cannot be had. */
    BindException refused(Throwable cause) {
        BindException refused =
                new BindException(
                        "%s %d: cannot listen on %s (%s); stop what uses it or choose another port, such as make run ARGS='%s PORT'"
                                .formatted(flag, address.port(), address, why(cause), flag));
        refused.initCause(cause);
        return refused;
    }

    private static String why(Throwable cause) {
        String message = cause.getMessage();
        return message == null ? cause.toString() : message;
    }
}
