package io.mlog.broker.net;

import io.mlog.kafka.KafkaConnection;
import io.mlog.model.HostPort;
import io.netty.channel.Channel;

/**
 * The ends of a Kafka connection, what its client calls itself, and whether it is to end. Owner:
 * its event loop, except for the last.
 */
final class KafkaPeer implements KafkaConnection {
    private final HostPort localAddress;
    private final HostPort remoteAddress;
    private String software = "unknown";
    private Runnable whenClosed = () -> {};
    private volatile boolean ending;

    KafkaPeer(Channel channel) {
        localAddress = Addresses.of(channel.localAddress());
        remoteAddress = Addresses.of(channel.remoteAddress());
    }

    @Override
    public HostPort localAddress() {
        return localAddress;
    }

    @Override
    public HostPort remoteAddress() {
        return remoteAddress;
    }

    @Override
    public void clientSoftware(String name, String version) {
        software = name + " " + version;
    }

    @Override
    public String clientSoftware() {
        return software;
    }

    @Override
    public void whenClosed(Runnable action) {
        whenClosed = action;
    }

    /** The connection has closed. */
    void closed() {
        whenClosed.run();
    }

    @Override
    public void endAfterReply() {
        ending = true;
    }

    /** Whether the connection is to be closed behind the next answer. */
    boolean isEnding() {
        return ending;
    }
}
