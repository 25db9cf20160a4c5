package io.mlog.broker;

import io.mlog.broker.config.BrokerConfig;
import io.mlog.broker.config.Setting;
import io.mlog.broker.config.SettingValues;
import io.mlog.broker.config.Settings;
import io.mlog.broker.life.Neighbours;
import io.mlog.broker.topics.ProducerIds;
import io.mlog.core.membership.Member;
import io.mlog.core.metadata.MetadataLog;
import io.mlog.core.metadata.ResolvedConfig;
import io.mlog.core.metadata.TopicConfig;
import io.mlog.core.metadata.TopicConfigs;
import io.mlog.core.metadata.TopicImage;
import io.mlog.model.HostPort;
import io.mlog.services.BrokerService;
import io.mlog.services.ConfigEntry;
import io.mlog.services.LogDirectory;
import io.mlog.services.ProducerIdentity;
import io.mlog.storage.DiskSpace;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntSupplier;

/** What this broker knows of itself: its configuration, its number, its place in the quorum. */
final class LocalBroker implements BrokerService {
    private final BrokerConfig config;
    private final int brokerId;
    private final MetadataLog log;
    private final Neighbours neighbours;
    private final ProducerIds producerIds;
    private final Map<String, String> topicDefaults;
    private final IntSupplier boundPort;
    private final DiskSpace disk;

    LocalBroker(
            BrokerConfig config,
            int brokerId,
            MetadataLog log,
            Neighbours neighbours,
            ProducerIds producerIds,
            Map<String, String> topicDefaults,
            IntSupplier boundPort,
            DiskSpace disk) {
        this.config = config;
        this.brokerId = brokerId;
        this.log = log;
        this.neighbours = neighbours;
        this.producerIds = producerIds;
        this.topicDefaults = topicDefaults;
        this.boundPort = boundPort;
        this.disk = disk;
    }

    @Override
    public String clusterId() {
        return log.image().clusterId();
    }

    @Override
    public int brokerId() {
        return brokerId;
    }

    @Override
    public Optional<HostPort> advertisedClientAddress() {
        return config.network()
                .advertisedClientAddress()
                .map(address ->
                        address.port() == 0
                                ? new HostPort(address.host(), boundPort.getAsInt())
                                : address);
    }

    @Override
    public Optional<String> raftLeaderNodeId() {
        return log.leadership().leaderNodeId();
    }

    @Override
    public long raftTerm() {
        return log.leadership().term();
    }

    @Override
    public List<String> raftVoters() {
        return log.leadership().voters();
    }

    @Override
    public boolean isThere(String nodeId) {
        List<Member> members = neighbours.members();
        return members.isEmpty()
                || members.stream().anyMatch(member -> member.nodeId().equals(nodeId));
    }

    @Override
    public CompletableFuture<ProducerIdentity> newProducerId() {
        return producerIds.next();
    }

    @Override
    public List<ConfigEntry> brokerConfigs() {
        SettingValues values = config.settings();
        List<ConfigEntry> entries = new ArrayList<>();
        for (Setting<?> setting : Settings.all()) {
            entries.add(
                    new ConfigEntry(
                            setting.name(),
                            values.textOf(setting).orElse(null),
                            values.sourceOf(setting) == SettingValues.Source.DEFAULT
                                    ? ConfigEntry.Source.DEFAULT
                                    : ConfigEntry.Source.BROKER,
                            true,
                            ConfigEntry.Type.STRING,
                            setting.meaning()));
        }
        return entries;
    }

    @Override
    public List<ConfigEntry> topicConfigs(TopicImage topic) {
        List<ConfigEntry> entries = new ArrayList<>();
        for (TopicConfig each : TopicConfigs.all()) {
            ResolvedConfig resolved = resolve(each, topic.configs(), topicDefaults, topic);
            entries.add(
                    new ConfigEntry(
                            each.name(),
                            resolved.value(),
                            source(resolved.source()),
                            false,
                            type(each.values()),
                            each.documentation(),
                            fallbacks(resolved, topic)));
        }
        return entries;
    }

    private List<ConfigEntry.Fallback> fallbacks(ResolvedConfig holds, TopicImage topic) {
        List<ConfigEntry.Fallback> fallbacks = new ArrayList<>();
        ResolvedConfig last = holds;
        while (last.source() != ResolvedConfig.Source.DEFAULT) {
            Map<String, String> defaults =
                    last.source() == ResolvedConfig.Source.TOPIC ? topicDefaults : Map.of();
            last = resolve(holds.config(), Map.of(), defaults, topic);
            fallbacks.add(new ConfigEntry.Fallback(last.value(), source(last.source())));
        }
        return fallbacks;
    }

    private static ResolvedConfig resolve(
            TopicConfig config,
            Map<String, String> configs,
            Map<String, String> defaults,
            TopicImage topic) {
        return TopicConfigs.resolve(config, configs, defaults, topic.replicationFactor());
    }

    private static ConfigEntry.Source source(ResolvedConfig.Source source) {
        return switch (source) {
            case TOPIC -> ConfigEntry.Source.TOPIC;
            case BROKER -> ConfigEntry.Source.BROKER;
            case DEFAULT -> ConfigEntry.Source.DEFAULT;
        };
    }

    private static ConfigEntry.Type type(TopicConfig.Values values) {
        return switch (values) {
            case TopicConfig.Values.Int32 number -> ConfigEntry.Type.INT;
            case TopicConfig.Values.Int64 number -> ConfigEntry.Type.LONG;
            case TopicConfig.Values.Decimal number -> ConfigEntry.Type.DOUBLE;
            case TopicConfig.Values.ListOf list -> ConfigEntry.Type.LIST;
            case TopicConfig.Values.OneOf word -> ConfigEntry.Type.STRING;
            case TopicConfig.Values.Flag flag -> ConfigEntry.Type.BOOLEAN;
            case TopicConfig.Values.Only word -> ConfigEntry.Type.STRING;
        };
    }

    @Override
    public LogDirectory logDirectory() {
        DiskSpace.Capacity capacity = disk.capacity();
        return new LogDirectory(
                config.storage().dataDir().toAbsolutePath().normalize().toString(),
                capacity.totalBytes(),
                capacity.usableBytes());
    }

    @Override
    public boolean autoCreateTopics() {
        return config.topics().autoCreate();
    }
}
