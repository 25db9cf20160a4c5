package io.mlog.broker.replica;

/** The way from followers to leaders. Any thread. */
public interface ReplicaTransport {
    /** A link to a leader, which connects when it first has something to send. */
    ReplicaLink link(BrokerEndpoint leader);
}
