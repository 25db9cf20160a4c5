package io.mlog.broker.config;

import io.mlog.model.HostPort;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Everything a broker is started with, checked. One record for each component, so that each takes
 * only its own. Immutable.
 *
 * @param settings the same values by name, with where each came from, for those who list them
 */
public record BrokerConfig(
        NodeConfig node,
        NetworkConfig network,
        StorageConfig storage,
        ReplicationConfig replication,
        TopicDefaults topics,
        GroupConfig groups,
        LogLevel logLevel,
        LogFormat logFormat,
        SettingValues settings) {
    public BrokerConfig {
        requireRoomForBatch(network.maxFrameBytes(), topics.maxMessageBytes());
        requireOwnPort(network.clientAddress(), node.raftAddress());
    }

    /** What the frame of a produce request holds besides the batch: names, keys, lengths. */
    private static final Set<String> WILDCARDS = Set.of("0.0.0.0", "::", "0:0:0:0:0:0:0:0");

    private static final int REQUEST_OVERHEAD_BYTES = 1024;

    /**
     * Reads the configuration of a process.
     *
     * @param words its command line
     * @param environment its variables
     * @throws ConfigRefusedException with one line for the operator
     */
    public static BrokerConfig read(List<String> words, Map<String, String> environment) {
        FlagWords flags = FlagWords.parse(words);
        Optional<String> file =
                flags.configFile().or(() -> Optional.ofNullable(environment.get("MLOG_CONFIG")));
        return from(
                SettingValues.resolve(
                        flags,
                        environment,
                        file.map(name -> ConfigFile.read(Path.of(name)))
                                .orElseGet(ConfigFile::empty)));
    }

    /** The configuration that these flags alone give: for tests and for brokers inside a JVM. */
    public static BrokerConfig ofFlags(String... words) {
        return read(List.of(words), Map.of());
    }

    private static BrokerConfig from(SettingValues values) {
        NodeConfig node = NodeConfig.from(values);
        requireAddressForOthers(node);
        return new BrokerConfig(
                node,
                NetworkConfig.from(values),
                StorageConfig.from(values),
                ReplicationConfig.from(values),
                TopicDefaults.from(values),
                GroupConfig.from(values),
                values.of(Settings.LOG_LEVEL),
                values.of(Settings.LOG_FORMAT),
                values);
    }

    /** Others cannot connect to a wildcard. */
    private static void requireAddressForOthers(NodeConfig node) {
        boolean everywhere =
                WILDCARDS.contains(node.gossipAddress().host())
                        || WILDCARDS.contains(node.raftAddress().host());
        if (everywhere && !node.peers().isEmpty() && node.advertisedHost().isEmpty()) {
            throw new ConfigRefusedException(
                    "bind-addr %s and raft-addr %s listen everywhere, which tells the peers %s no address of this node: set advertise-addr to the host that they reach it by"
                            .formatted(node.gossipAddress(), node.raftAddress(), node.peers()));
        }
    }

    private static void requireRoomForBatch(int frameBytes, int batchBytes) {
        if (batchBytes > frameBytes - REQUEST_OVERHEAD_BYTES) {
            throw new ConfigRefusedException(
                    "max-message-bytes %d does not fit into a request of max-frame-bytes %d: it must be at most %d"
                            .formatted(
                                    batchBytes, frameBytes, frameBytes - REQUEST_OVERHEAD_BYTES));
        }
    }

    private static void requireOwnPort(HostPort clients, HostPort raft) {
        if (clients.port() != 0 && clients.equals(raft)) {
            throw new ConfigRefusedException(
                    "rpc-port %d and raft-addr %s are the same port: choose two"
                            .formatted(clients.port(), raft));
        }
    }
}
