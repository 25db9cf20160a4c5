package io.mlog.services;

import io.mlog.core.metadata.TopicImage;
import io.mlog.model.HostPort;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** What this broker knows of itself and its cluster beyond the metadata image. Never blocks. */
public interface BrokerService {
    /** The cluster's permanent name. */
    String clusterId();

    /** This broker's number, as Kafka clients see it. */
    int brokerId();

    /** The address that the operator wants every client to be told, when one was set. */
    Optional<HostPort> advertisedClientAddress();

    /** Node id of the present Raft leader. */
    Optional<String> raftLeaderNodeId();

    /** Number of the present Raft leadership. */
    long raftTerm();

    /** Node ids of the Raft voters. */
    List<String> raftVoters();

    /**
     * Whether the node's process is there, as far as gossip knows; true of every node before this
     * broker takes part in gossip.
     */
    boolean isThere(String nodeId);

    /**
     * A producer id that was never given out before; fails with {@link
     * io.mlog.model.MlogException}.
     */
    CompletableFuture<ProducerIdentity> newProducerId();

    /** Every configuration value of this broker. */
    List<ConfigEntry> brokerConfigs();

    /** Every configuration value of a topic, which need not exist yet, with its source. */
    List<ConfigEntry> topicConfigs(TopicImage topic);

    /** Where this broker keeps its logs, and how full that was a moment ago. */
    LogDirectory logDirectory();

    /** Whether requests for unknown topics may create them. */
    boolean autoCreateTopics();
}
