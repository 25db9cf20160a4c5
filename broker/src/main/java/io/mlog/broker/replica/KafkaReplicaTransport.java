package io.mlog.broker.replica;

import io.mlog.broker.net.PeerLines;
import java.util.function.LongSupplier;

/** Reaches leaders on their one port, in Kafka's Fetch. Any thread. */
public final class KafkaReplicaTransport implements ReplicaTransport {
    private final PeerLines lines;
    private final LongSupplier nanoTime;
    private final long graceMs;

    /**
     * Uses the connections and threads of {@code lines}, which outlive it.
     *
     * @param graceMs how much longer than a request's wait a leader may be silent
     */
    public KafkaReplicaTransport(PeerLines lines, LongSupplier nanoTime, long graceMs) {
        this.lines = lines;
        this.nanoTime = nanoTime;
        this.graceMs = graceMs;
    }

    @Override
    public ReplicaLink link(BrokerEndpoint leader) {
        return new KafkaReplicaLink(lines, leader, nanoTime, graceMs);
    }
}
