package io.mlog.broker.net;

import io.mlog.kafka.KafkaConnection;
import io.mlog.model.HostPort;
import io.netty.channel.Channel;

/** The ends of a Kafka connection, and what its client calls itself. Owner: its event loop. */
final class KafkaPeer implements KafkaConnection {
    private final HostPort localAddress;
    private final String remoteAddress;
    private String software = "unknown";

    KafkaPeer(Channel channel) {
        localAddress = Addresses.of(channel.localAddress());
        remoteAddress = Addresses.of(channel.remoteAddress()).toString();
    }

    @Override
    public HostPort localAddress() {
        return localAddress;
    }

    @Override
    public String remoteAddress() {
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
}
