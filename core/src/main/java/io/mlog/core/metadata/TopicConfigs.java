package io.mlog.core.metadata;

import io.mlog.core.metadata.TopicConfig.Values;
import io.mlog.model.ErrorCode;
import io.mlog.model.MlogException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The table of topic configuration: every name, default, range and meaning. Names and values are
 * Kafka's where Kafka has them, so that its tools work; {@code flush} is ours.
 */
public final class TopicConfigs {
    /** Age at which records may go. */
    public static final String RETENTION_MS = "retention.ms";

    /** Size of a partition above which its oldest segments may go. */
    public static final String RETENTION_BYTES = "retention.bytes";

    /** Size at which a segment is rolled. */
    public static final String SEGMENT_BYTES = "segment.bytes";

    /** Age at which a segment is rolled. */
    public static final String SEGMENT_MS = "segment.ms";

    /** What becomes of old records. */
    public static final String CLEANUP_POLICY = "cleanup.policy";

    /** How long a tombstone stays. */
    public static final String DELETE_RETENTION_MS = "delete.retention.ms";

    /** Share of dirty bytes above which a log is compacted. */
    public static final String MIN_CLEANABLE_DIRTY_RATIO = "min.cleanable.dirty.ratio";

    /** How long records are not compacted. */
    public static final String MIN_COMPACTION_LAG_MS = "min.compaction.lag.ms";

    /** How long records may stay without being compacted. */
    public static final String MAX_COMPACTION_LAG_MS = "max.compaction.lag.ms";

    /** Largest record batch accepted. */
    public static final String MAX_MESSAGE_BYTES = "max.message.bytes";

    /** How batches are compressed. */
    public static final String COMPRESSION_TYPE = "compression.type";

    /** Who stamps records. */
    public static final String MESSAGE_TIMESTAMP_TYPE = "message.timestamp.type";

    /** Least in-sync replicas for acks=all. */
    public static final String MIN_INSYNC_REPLICAS = "min.insync.replicas";

    /** Whether a replica outside the ISR may become leader. */
    public static final String UNCLEAN_LEADER_ELECTION = "unclean.leader.election.enable";

    /** When a record counts as durable. */
    public static final String FLUSH = "flush";

    private static final List<TopicConfig> TABLE =
            List.of(
                    new TopicConfig(
                            CLEANUP_POLICY,
                            new Values.ListOf(List.of("delete", "compact")),
                            "delete",
                            "delete, compact or both separated by a comma",
                            "What becomes of old records: deleted by retention, reduced to the"
                                    + " latest of each key, or both."),
                    new TopicConfig(
                            COMPRESSION_TYPE,
                            new Values.Only(
                                    "producer",
                                    "batches are stored as the producer compressed them; set the"
                                            + " producer's compression instead"),
                            "producer",
                            "producer",
                            "Batches keep the compression of their producer."),
                    new TopicConfig(
                            DELETE_RETENTION_MS,
                            new Values.Int64(0, Long.MAX_VALUE),
                            "86400000",
                            "0 to 9223372036854775807 ms",
                            "How long a record without a value, which deletes its key, stays after"
                                    + " it was compacted for the first time."),
                    new TopicConfig(
                            FLUSH,
                            new Values.OneOf(List.of("group", "os")),
                            "group",
                            "group or os",
                            "When an acks=all record is durable: after a shared fsync (group), or"
                                    + " once the operating system has it (os). Default: the broker's"
                                    + " --flush."),
                    new TopicConfig(
                            MAX_COMPACTION_LAG_MS,
                            new Values.Int64(1, Long.MAX_VALUE),
                            "9223372036854775807",
                            "1 to 9223372036854775807 ms",
                            "How long a record may stay without being compacted, however little"
                                    + " there is to compact."),
                    new TopicConfig(
                            MAX_MESSAGE_BYTES,
                            new Values.Int32(1, 100 << 20),
                            "1048588",
                            "1 to 104857600 bytes",
                            "Largest record batch accepted, in bytes as the producer sent it."),
                    new TopicConfig(
                            MESSAGE_TIMESTAMP_TYPE,
                            new Values.OneOf(List.of("CreateTime", "LogAppendTime")),
                            "CreateTime",
                            "CreateTime or LogAppendTime",
                            "Whether records keep the producer's time or get the time of the"
                                    + " append."),
                    new TopicConfig(
                            MIN_CLEANABLE_DIRTY_RATIO,
                            new Values.Decimal(0, 1),
                            "0.5",
                            "0 to 1",
                            "Share of a partition's bytes that were not compacted yet above which"
                                    + " it is compacted."),
                    new TopicConfig(
                            MIN_COMPACTION_LAG_MS,
                            new Values.Int64(0, Long.MAX_VALUE),
                            "0",
                            "0 to 9223372036854775807 ms",
                            "How long a record is left alone by compaction."),
                    new TopicConfig(
                            MIN_INSYNC_REPLICAS,
                            new Values.Int32(1, MetadataLimits.REPLICAS_OF_PARTITION),
                            "",
                            "1 to the topic's number of replicas",
                            "Least in-sync replicas at which acks=all is accepted. Default: half of"
                                    + " the topic's replicas, rounded down, and one."),
                    new TopicConfig(
                            RETENTION_BYTES,
                            new Values.Int64(-1, Long.MAX_VALUE),
                            "-1",
                            "-1 (no limit) or 0 to 9223372036854775807 bytes",
                            "Size of a partition above which its oldest segments are deleted."),
                    new TopicConfig(
                            RETENTION_MS,
                            new Values.Int64(-1, Long.MAX_VALUE),
                            "-1",
                            "-1 (for ever) or 0 to 9223372036854775807 ms",
                            "Age of a segment's newest record at which the segment is deleted."),
                    new TopicConfig(
                            SEGMENT_BYTES,
                            new Values.Int32(1024, Integer.MAX_VALUE),
                            "1073741824",
                            "1024 to 2147483647 bytes",
                            "Size at which a segment is closed and the next one begun."),
                    new TopicConfig(
                            SEGMENT_MS,
                            new Values.Int64(1, Long.MAX_VALUE),
                            "604800000",
                            "1 to 9223372036854775807 ms",
                            "Age at which a segment is closed even when it is small."),
                    new TopicConfig(
                            UNCLEAN_LEADER_ELECTION,
                            new Values.Flag(),
                            "false",
                            "true or false",
                            "Whether a replica that is not in sync becomes leader when none that is"
                                    + " in sync is alive. Acknowledged records that only the others"
                                    + " have are lost then."));

    private static final Map<String, TopicConfig> BY_NAME =
            TABLE.stream().collect(Collectors.toMap(TopicConfig::name, Function.identity()));

    private TopicConfigs() {}

    /** Every config, by name in alphabetical order. */
    public static List<TopicConfig> all() {
        return TABLE;
    }

    /** The config of that name. */
    public static Optional<TopicConfig> find(String name) {
        return Optional.ofNullable(BY_NAME.get(name));
    }

    /**
     * The values in their one spelling, by name; a broker's defaults are checked by it too.
     *
     * @throws MlogException INVALID_CONFIG for the first name or value that is not in the table
     */
    public static Map<String, String> check(Map<String, String> configs) {
        Map<String, String> checked = new TreeMap<>();
        new TreeMap<>(configs)
                .forEach((name, value) -> checked.put(name, known(name).check(value)));
        return checked;
    }

    /**
     * What a config comes to.
     *
     * @param set what the topic sets
     * @param brokerDefaults what the broker sets for topics that do not, checked
     * @param replicationFactor of the topic, which {@code min.insync.replicas} follows
     */
    public static ResolvedConfig resolve(
            TopicConfig config,
            Map<String, String> set,
            Map<String, String> brokerDefaults,
            int replicationFactor) {
        String name = config.name();
        String own = set.get(name);
        if (own != null) {
            return new ResolvedConfig(config, own, ResolvedConfig.Source.TOPIC);
        }
        String brokers = brokerDefaults.get(name);
        if (brokers != null) {
            return new ResolvedConfig(config, brokers, ResolvedConfig.Source.BROKER);
        }
        String value =
                name.equals(MIN_INSYNC_REPLICAS)
                        ? Integer.toString(defaultMinIsr(replicationFactor))
                        : config.defaultValue();
        return new ResolvedConfig(config, value, ResolvedConfig.Source.DEFAULT);
    }

    /** More than half of the copies: any two such sets have a copy in common. */
    static int defaultMinIsr(int replicas) {
        return replicas / 2 + 1;
    }

    /** The values after {@code edits}, in their one spelling. */
    static Map<String, String> edited(Map<String, String> configs, List<ConfigEdit> edits) {
        Map<String, String> result = new TreeMap<>(configs);
        for (ConfigEdit edit : edits) {
            TopicConfig config = known(edit.name());
            switch (edit) {
                case ConfigEdit.Put(var name, var value) -> result.put(name, config.check(value));
                case ConfigEdit.Reset(var name) -> result.remove(name);
                case ConfigEdit.Append(var name, var items) -> {
                    var list = itemsOf(config, result);
                    list.addAll(TopicConfig.items(items));
                    result.put(name, config.check(String.join(",", list)));
                }
                case ConfigEdit.Subtract(var name, var items) -> {
                    var list = itemsOf(config, result);
                    list.removeAll(TopicConfig.items(items));
                    result.put(name, config.check(String.join(",", list)));
                }
            }
        }
        return result;
    }

    private static java.util.Set<String> itemsOf(TopicConfig config, Map<String, String> configs) {
        if (!config.isList()) {
            throw Decision.refuse(
                    ErrorCode.INVALID_CONFIG,
                    "%s is not a list: it can be set or deleted, not appended to or subtracted from"
                            .formatted(config.name()));
        }
        return TopicConfig.items(configs.getOrDefault(config.name(), config.defaultValue()));
    }

    private static TopicConfig known(String name) {
        return find(name)
                .orElseThrow(() ->
                        Decision.refuse(
                                ErrorCode.INVALID_CONFIG,
                                "'%s' is not a topic config; there are %s"
                                        .formatted(
                                                name,
                                                TABLE.stream()
                                                        .map(TopicConfig::name)
                                                        .collect(Collectors.joining(", ")))));
    }
}
