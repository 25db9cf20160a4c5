package io.mlog.kafka;

import io.mlog.core.metadata.TopicImage;
import io.mlog.model.HostPort;
import io.mlog.services.BrokerService;
import io.mlog.services.ConfigEntry;
import io.mlog.services.LogDirectory;
import io.mlog.services.ProducerIdentity;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Broker 7 of cluster "fake-cluster". */
class FakeBroker implements BrokerService {
    static final int ID = 7;

    Optional<HostPort> advertised = Optional.empty();
    boolean autoCreate = true;
    private long nextProducerId = 4000;

    @Override
    public String clusterId() {
        return "fake-cluster";
    }

    @Override
    public int brokerId() {
        return ID;
    }

    @Override
    public Optional<HostPort> advertisedClientAddress() {
        return advertised;
    }

    @Override
    public Optional<String> raftLeaderNodeId() {
        return Optional.of("a");
    }

    @Override
    public long raftTerm() {
        return 1;
    }

    @Override
    public List<String> raftVoters() {
        return List.of("a");
    }

    @Override
    public boolean isThere(String nodeId) {
        return true;
    }

    @Override
    public CompletableFuture<ProducerIdentity> newProducerId() {
        return CompletableFuture.completedFuture(new ProducerIdentity(nextProducerId++, (short) 0));
    }

    @Override
    public List<ConfigEntry> brokerConfigs() {
        return List.of(
                new ConfigEntry(
                        "rpc.port",
                        "9094",
                        ConfigEntry.Source.BROKER,
                        true,
                        ConfigEntry.Type.INT,
                        "the port"));
    }

    @Override
    public List<ConfigEntry> topicConfigs(TopicImage topic) {
        return List.of(
                entry("retention.ms", ConfigEntry.Source.TOPIC),
                entry("segment.bytes", ConfigEntry.Source.DEFAULT));
    }

    private static ConfigEntry entry(String name, ConfigEntry.Source source) {
        return new ConfigEntry(
                name,
                "1000",
                source,
                false,
                ConfigEntry.Type.LONG,
                name + " doc",
                source == ConfigEntry.Source.TOPIC
                        ? List.of(new ConfigEntry.Fallback("-1", ConfigEntry.Source.DEFAULT))
                        : List.of());
    }

    @Override
    public LogDirectory logDirectory() {
        return new LogDirectory("/data", 1000, 600);
    }

    @Override
    public boolean autoCreateTopics() {
        return autoCreate;
    }
}
