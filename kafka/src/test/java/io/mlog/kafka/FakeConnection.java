package io.mlog.kafka;

import io.mlog.model.HostPort;

/** A connection that remembers what the client called itself, and whether it is to end. */
final class FakeConnection implements KafkaConnection {
    private String software = "unknown";
    boolean ending;
    Runnable whenClosed = () -> {};

    @Override
    public HostPort localAddress() {
        return new HostPort("10.1.2.3", 9094);
    }

    @Override
    public HostPort remoteAddress() {
        return new HostPort("10.9.9.9", 50000);
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

    @Override
    public void endAfterReply() {
        ending = true;
    }
}
