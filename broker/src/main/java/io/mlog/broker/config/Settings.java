package io.mlog.broker.config;

import io.mlog.model.HostPort;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The table of everything an operator can set on a broker: the one place with names, units,
 * defaults, ranges and meanings. Flags, environment, files, {@code --help} and the page for
 * operators all come from it.
 */
public final class Settings {
    private static final long KIB = 1024;
    private static final long MIB = 1024 * KIB;
    private static final long GIB = 1024 * MIB;
    private static final long DAY_MS = 24 * 3600 * 1000L;
    private static final long NO_LIMIT = Long.MAX_VALUE;

    /** The largest frame: its first length byte must stay below that of a TLS record, 0x16. */
    static final long LARGEST_FRAME_BYTES = 0x15FF_FFFF;

    public static final Setting<HostPort> BIND_ADDR =
            address(
                    "bind-addr",
                    "127.0.0.1:9092",
                    "Gossip address; its host is also the one the client port listens on.");
    public static final Setting<String> ADVERTISE_ADDR =
            new Setting<>(
                    "advertise-addr",
                    new ValueKind.Name(
                            Pattern.compile("[^\\s,:/]{1,255}|\\[[0-9a-fA-F:.]+]"),
                            "a host name or an IP address without a port",
                            "HOST"),
                    Optional.empty(),
                    "The host that others reach this node by, such as node1 in Docker.");
    public static final Setting<HostPort> ADVERTISE_CLIENT_ADDR =
            new Setting<>(
                    "advertise-client-addr",
                    new ValueKind.Address(),
                    Optional.empty(),
                    "What clients are told to connect to; else advertise-addr with rpc-port, else"
                            + " the address a client used itself.");
    public static final Setting<Long> RPC_PORT =
            number(
                    "rpc-port",
                    9094,
                    0,
                    65535,
                    "",
                    "The one client port: JSON RPC, Kafka and HTTP. 0 takes a free one.");
    public static final Setting<HostPort> RAFT_ADDR =
            address("raft-addr", "127.0.0.1:9093", "Address of the Raft transport.");
    public static final Setting<Path> DATA_DIR =
            new Setting<>(
                    "data-dir",
                    new ValueKind.Directory(),
                    Optional.of("/tmp/mlog"),
                    "Where everything is stored; owned by one broker at a time.");
    public static final Setting<String> NODE_ID =
            new Setting<>(
                    "node-id",
                    new ValueKind.Name(
                            Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}"),
                            "1 to 64 letters, digits, '.', '_' or '-', beginning with a letter or"
                                    + " digit",
                            "NAME"),
                    Optional.of("node-1"),
                    "Unique, stable name of this node.");
    public static final Setting<Boolean> BOOTSTRAP =
            flag(
                    "bootstrap",
                    false,
                    "Found a new cluster. Implied when there is no peer and the data directory is"
                            + " empty.");
    public static final Setting<List<HostPort>> PEER =
            new Setting<>(
                    "peer",
                    new ValueKind.Repeated<>(new ValueKind.Address()),
                    Optional.empty(),
                    "Gossip address of a member to join by; repeatable. The node's own among them is"
                            + " ignored.");
    public static final Setting<String> RACK =
            new Setting<>(
                    "rack",
                    new ValueKind.Name(
                            Pattern.compile("[A-Za-z0-9][A-Za-z0-9._:/-]{0,63}"),
                            "1 to 64 letters, digits, '.', '_', ':', '/' or '-', beginning with a"
                                    + " letter or digit",
                            "NAME"),
                    Optional.empty(),
                    "Where this node stands: replicas of a partition are spread over racks, and"
                            + " clients of the same rack read from it.");
    public static final Setting<List<Secret>> CLUSTER_KEY =
            new Setting<>(
                    "cluster-key",
                    new ValueKind.Repeated<>(
                            new ValueKind.Hidden(
                                    Pattern.compile("[\\x21-\\x2B\\x2D-\\x7E]{22,256}"),
                                    "22 to 256 visible characters without a comma",
                                    "KEY")),
                    Optional.empty(),
                    "Secret that the nodes of a cluster share; gossip is sealed with it. Of several"
                            + " the first seals and all open, so that a key can be replaced node by"
                            + " node. Better in the environment or a file: everyone on the machine"
                            + " sees flags.");
    public static final Setting<FlushMode> FLUSH =
            choice(
                    "flush",
                    FlushMode.GROUP,
                    FlushMode.class,
                    "group: fsync before acks=all is acknowledged; os: leave it to the operating"
                            + " system, which survives the death of the process only.");
    public static final Setting<Long> FLUSH_INTERVAL_MS =
            number(
                    "flush-interval-ms",
                    5000,
                    10,
                    DAY_MS,
                    "ms",
                    "Longest time between fsyncs with flush=os.");
    public static final Setting<Long> SEGMENT_BYTES =
            number(
                    "segment-bytes",
                    GIB,
                    1 * KIB,
                    Integer.MAX_VALUE,
                    "bytes",
                    "Size at which a segment is closed (topic config segment.bytes).");
    public static final Setting<Long> SEGMENT_MS =
            number(
                    "segment-ms",
                    7 * DAY_MS,
                    1,
                    NO_LIMIT,
                    "ms",
                    "Age at which a segment is closed (topic config segment.ms).");
    public static final Setting<Long> RETENTION_MS =
            number(
                    "retention-ms",
                    -1,
                    -1,
                    NO_LIMIT,
                    "ms",
                    "Age at which records are deleted; -1 keeps them (topic config retention.ms).");
    public static final Setting<Long> RETENTION_BYTES =
            number(
                    "retention-bytes",
                    -1,
                    -1,
                    NO_LIMIT,
                    "bytes",
                    "Size of a partition beyond which its oldest segments are deleted; -1 keeps"
                            + " them (topic config retention.bytes).");
    public static final Setting<Long> RETENTION_CHECK_INTERVAL_MS =
            number(
                    "retention-check-interval-ms",
                    60_000,
                    10,
                    DAY_MS,
                    "ms",
                    "Time between two looks for segments to delete.");
    public static final Setting<Long> COMPACTION_CHECK_INTERVAL_MS =
            number(
                    "compaction-check-interval-ms",
                    15_000,
                    10,
                    DAY_MS,
                    "ms",
                    "Time between two looks for partitions to compact.");
    public static final Setting<Long> COMPACTION_MEMORY_BYTES =
            number(
                    "compaction-memory-bytes",
                    32 * MIB,
                    64 * KIB,
                    2 * GIB,
                    "bytes",
                    "Memory for the keys of the partition that is being compacted, 24 bytes and a"
                            + " quarter more for each; a partition with more is compacted in"
                            + " several rounds. Taken only while something is compacted.");
    public static final Setting<Long> COMPACTION_BYTES_PER_SECOND =
            number(
                    "compaction-bytes-per-second",
                    0,
                    0,
                    NO_LIMIT,
                    "bytes per second",
                    "How fast compaction reads and writes, both counted; 0 as fast as it can.");
    public static final Setting<Long> INDEX_INTERVAL_BYTES =
            number(
                    "index-interval-bytes",
                    4 * KIB,
                    256,
                    64 * MIB,
                    "bytes",
                    "Bytes of log for each entry of the sparse offset index.");
    public static final Setting<Long> MAX_MESSAGE_BYTES =
            number(
                    "max-message-bytes",
                    MIB + 12,
                    64,
                    LARGEST_FRAME_BYTES - KIB,
                    "bytes",
                    "Largest record batch, as it is stored (topic config max.message.bytes).");
    public static final Setting<Long> DISK_RESERVE_BYTES =
            number(
                    "disk-reserve-bytes",
                    16 * MIB,
                    0,
                    1024 * GIB,
                    "bytes",
                    "Free space at which producing is refused, so that metadata can still be"
                            + " written.");
    public static final Setting<Long> RECOVERY_THREADS =
            number(
                    "recovery-threads",
                    0,
                    0,
                    256,
                    "",
                    "Partitions recovered at the same time; 0 takes one for each processor.");
    public static final Setting<Boolean> AUTO_CREATE_TOPICS =
            flag(
                    "auto-create-topics",
                    true,
                    "Create a topic when a client first writes to it or asks for it.");
    public static final Setting<Long> DEFAULT_PARTITIONS =
            number(
                    "default-partitions",
                    1,
                    1,
                    10_000,
                    "",
                    "Partitions of a topic that is created without a number.");
    public static final Setting<Long> PRODUCER_ID_EXPIRATION_MS =
            number(
                    "producer-id-expiration-ms",
                    DAY_MS,
                    1000,
                    NO_LIMIT,
                    "ms",
                    "Time after which an idle producer's sequence numbers are forgotten.");
    public static final Setting<Long> EVENT_LOOPS =
            number(
                    "event-loops",
                    0,
                    0,
                    256,
                    "",
                    "Threads that serve connections; 0 takes one for each processor.");
    public static final Setting<Long> MAX_FRAME_BYTES =
            number(
                    "max-frame-bytes",
                    100 * MIB,
                    4 * KIB,
                    LARGEST_FRAME_BYTES,
                    "bytes",
                    "Largest request; a longer one is refused before memory is taken for it.");
    public static final Setting<Long> MAX_CONNECTIONS =
            number(
                    "max-connections",
                    10_000,
                    1,
                    1_000_000,
                    "",
                    "Connections served at the same time; further ones are closed.");
    public static final Setting<Long> CONNECTIONS_MAX_IDLE_MS =
            number(
                    "connections-max-idle-ms",
                    600_000,
                    100,
                    30 * DAY_MS,
                    "ms",
                    "Time without a request after which a connection is closed.");
    public static final Setting<Long> CONNECTION_MAX_REQUESTS =
            number(
                    "connection-max-requests",
                    256,
                    1,
                    100_000,
                    "",
                    "Unanswered requests of one connection; beyond it the connection is not read.");
    public static final Setting<Long> CONNECTION_MAX_RESPONSE_BYTES =
            number(
                    "connection-max-response-bytes",
                    32 * MIB,
                    64 * KIB,
                    GIB,
                    "bytes",
                    "Answers that one connection may leave unread before it is not read either.");
    public static final Setting<Long> CONNECTION_STALL_MS =
            number(
                    "connection-stall-ms",
                    60_000,
                    100,
                    DAY_MS,
                    "ms",
                    "Time after which a peer that reads none of its answers is dropped.");
    public static final Setting<Long> FETCH_MAX_BYTES =
            number(
                    "fetch-max-bytes",
                    55 * MIB,
                    KIB,
                    LARGEST_FRAME_BYTES,
                    "bytes",
                    "Most record bytes in one answer to a fetch, whatever the client asks for.");
    public static final Setting<Long> FETCH_MAX_WAIT_MS =
            number(
                    "fetch-max-wait-ms",
                    60_000,
                    0,
                    DAY_MS,
                    "ms",
                    "Longest time a fetch may wait for records, whatever the client asks for.");
    public static final Setting<Long> REPLICATION_BATCH_SIZE =
            number(
                    "replication-batch-size",
                    5000,
                    1,
                    10_000_000,
                    "records",
                    "Most records of one partition in one answer to a follower.");
    public static final Setting<Long> ISR_LAG_THRESHOLD =
            number(
                    "isr-lag-threshold",
                    100,
                    0,
                    NO_LIMIT,
                    "records",
                    "Records that a follower may be behind and still count as current …");
    public static final Setting<Long> ISR_LAG_TIME =
            number(
                    "isr-lag-time",
                    3000,
                    1000,
                    DAY_MS,
                    "ms",
                    "… and how long it may be behind further than that before it leaves the in-sync"
                            + " replicas.");
    public static final Setting<Long> REASSIGNMENT_BYTES_PER_SECOND =
            number(
                    "reassignment-bytes-per-second",
                    0,
                    0,
                    NO_LIMIT,
                    "bytes per second",
                    "How fast this broker copies partitions that it is being added to, all of them"
                            + " together; 0 as fast as it can.");
    public static final Setting<Long> GROUP_MIN_SESSION_TIMEOUT_MS =
            number(
                    "group-min-session-timeout-ms",
                    6_000,
                    1,
                    DAY_MS,
                    "ms",
                    "Shortest session.timeout.ms that members of classic consumer groups may want …");
    public static final Setting<Long> GROUP_MAX_SESSION_TIMEOUT_MS =
            number(
                    "group-max-session-timeout-ms",
                    1_800_000,
                    1,
                    DAY_MS,
                    "ms",
                    "… and the longest.");
    public static final Setting<Long> GROUP_INITIAL_REBALANCE_DELAY_MS =
            number(
                    "group-initial-rebalance-delay-ms",
                    0,
                    0,
                    600_000,
                    "ms",
                    "How long an empty classic group waits for more members before it assigns"
                            + " partitions.");
    public static final Setting<Long> GROUP_CONSUMER_HEARTBEAT_INTERVAL_MS =
            number(
                    "group-consumer-heartbeat-interval-ms",
                    1_000,
                    100,
                    15_000,
                    "ms",
                    "How often members of groups with group.protocol=consumer report, and so learn"
                            + " of their partitions.");
    public static final Setting<Long> OFFSETS_RETENTION_MINUTES =
            number(
                    "offsets-retention-minutes",
                    -1,
                    -1,
                    Integer.MAX_VALUE - 1L,
                    "minutes",
                    "How long the offsets of a group without members are kept; -1 as long as the"
                            + " group.");
    public static final Setting<LogLevel> LOG_LEVEL =
            choice(
                    "log-level",
                    LogLevel.INFO,
                    LogLevel.class,
                    "How much the broker logs; libraries are capped at warn.");
    public static final Setting<LogFormat> LOG_FORMAT =
            choice(
                    "log-format",
                    LogFormat.TEXT,
                    LogFormat.class,
                    "text for people, json for machines; one line for each event.");

    private static final List<Setting<?>> ALL =
            List.of(
                    BIND_ADDR,
                    ADVERTISE_ADDR,
                    ADVERTISE_CLIENT_ADDR,
                    RPC_PORT,
                    RAFT_ADDR,
                    DATA_DIR,
                    NODE_ID,
                    BOOTSTRAP,
                    PEER,
                    RACK,
                    CLUSTER_KEY,
                    FLUSH,
                    FLUSH_INTERVAL_MS,
                    SEGMENT_BYTES,
                    SEGMENT_MS,
                    RETENTION_MS,
                    RETENTION_BYTES,
                    RETENTION_CHECK_INTERVAL_MS,
                    COMPACTION_CHECK_INTERVAL_MS,
                    COMPACTION_MEMORY_BYTES,
                    COMPACTION_BYTES_PER_SECOND,
                    INDEX_INTERVAL_BYTES,
                    MAX_MESSAGE_BYTES,
                    DISK_RESERVE_BYTES,
                    RECOVERY_THREADS,
                    AUTO_CREATE_TOPICS,
                    DEFAULT_PARTITIONS,
                    PRODUCER_ID_EXPIRATION_MS,
                    EVENT_LOOPS,
                    MAX_FRAME_BYTES,
                    MAX_CONNECTIONS,
                    CONNECTIONS_MAX_IDLE_MS,
                    CONNECTION_MAX_REQUESTS,
                    CONNECTION_MAX_RESPONSE_BYTES,
                    CONNECTION_STALL_MS,
                    FETCH_MAX_BYTES,
                    FETCH_MAX_WAIT_MS,
                    REPLICATION_BATCH_SIZE,
                    ISR_LAG_THRESHOLD,
                    ISR_LAG_TIME,
                    REASSIGNMENT_BYTES_PER_SECOND,
                    GROUP_MIN_SESSION_TIMEOUT_MS,
                    GROUP_MAX_SESSION_TIMEOUT_MS,
                    GROUP_INITIAL_REBALANCE_DELAY_MS,
                    GROUP_CONSUMER_HEARTBEAT_INTERVAL_MS,
                    OFFSETS_RETENTION_MINUTES,
                    LOG_LEVEL,
                    LOG_FORMAT);

    private Settings() {}

    /** Every setting, in the order in which people are shown them. */
    public static List<Setting<?>> all() {
        return ALL;
    }

    /** The setting of that name. */
    public static Optional<Setting<?>> named(String name) {
        for (Setting<?> setting : ALL) {
            if (setting.name().equals(name)) {
                return Optional.of(setting);
            }
        }
        return Optional.empty();
    }

    private static Setting<HostPort> address(String name, String defaultText, String meaning) {
        return new Setting<>(name, new ValueKind.Address(), Optional.of(defaultText), meaning);
    }

    private static Setting<Long> number(
            String name, long value, long least, long most, String unit, String meaning) {
        return new Setting<>(
                name,
                new ValueKind.WholeNumber(least, most, unit),
                Optional.of(Long.toString(value)),
                meaning);
    }

    private static Setting<Boolean> flag(String name, boolean value, String meaning) {
        return new Setting<>(
                name, new ValueKind.Switch(), Optional.of(Boolean.toString(value)), meaning);
    }

    private static <E extends Enum<E>> Setting<E> choice(
            String name, E value, Class<E> type, String meaning) {
        ValueKind<E> kind = new ValueKind.Choice<>(type);
        return new Setting<>(name, kind, Optional.of(kind.format(value)), meaning);
    }
}
