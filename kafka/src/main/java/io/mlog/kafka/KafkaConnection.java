package io.mlog.kafka;

import io.mlog.model.HostPort;

/** The connection a request came by, as far as answers depend on it. Never blocks. */
public interface KafkaConnection {
    /** The address that the client reached us by: the accepted socket's own end. */
    HostPort localAddress();

    /** The client's end. */
    HostPort remoteAddress();

    /** Remembers what the client called itself in ApiVersions; both are checked, short texts. */
    void clientSoftware(String name, String version);

    /**
     * What {@link #clientSoftware(String, String)} was told, such as {@code kcat 1.7.1}, or
     * "unknown".
     */
    String clientSoftware();

    /**
     * Remembers what to do when the connection has closed, in place of what was remembered before.
     * On its event loop, as a request is handled.
     */
    void whenClosed(Runnable action);

    /** Closes the connection once the answer that is given next has been sent. Any thread. */
    void endAfterReply();
}
