package io.mlog.broker;

import io.mlog.broker.partition.Partition;
import io.mlog.broker.partition.PartitionPorts;
import io.mlog.broker.partition.PartitionSettings;
import io.mlog.broker.partition.ReplayedProducers;
import io.mlog.broker.topics.PartitionStore;
import io.mlog.core.metadata.MetadataImage;
import io.mlog.core.metadata.PartitionImage;
import io.mlog.core.metadata.TopicImage;
import io.mlog.core.metadata.TopicSettings;
import io.mlog.core.producer.ProducerStates;
import io.mlog.core.replication.HighWatermark.Durability;
import io.mlog.model.MlogException;
import io.mlog.model.TopicId;
import io.mlog.model.TopicIdPartition;
import io.mlog.model.TopicPartition;
import io.mlog.storage.CompactionConfig;
import io.mlog.storage.DataDirectory;
import io.mlog.storage.FoundPartition;
import io.mlog.storage.LogConfig;
import io.mlog.storage.LogToOpen;
import io.mlog.storage.OpenProgress;
import io.mlog.storage.OpenedLog;
import io.mlog.storage.PartitionLog;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Opens partitions from a data directory. Owned by the reconciler's thread. */
public final class DataPartitions implements PartitionStore {
    private static final Logger LOG = LoggerFactory.getLogger(DataPartitions.class);

    /** Most idempotent producers remembered for each partition. */
    private static final int MAX_PRODUCERS = 10_000;

    private static final int SNAPSHOT_INTERVAL_BYTES = 64 << 20;

    private final DataDirectory directory;
    private final Tuning tuning;
    private final PartitionPorts ports;
    private final Executor recovery;
    private final OpenProgress progress;
    private final Map<TopicPartition, Recovered> recovered = new HashMap<>();

    /**
     * What the broker's configuration says about logs.
     *
     * @param topicDefaults values for what topics do not set
     */
    public record Tuning(
            int indexIntervalBytes, long producerExpirationMs, Map<String, String> topicDefaults) {}

    private record Recovered(OpenedLog log, ProducerStates producers) {}

    /**
     * Opens nothing yet.
     *
     * @param ports what the partitions need around them
     * @param recovery runs the opening of logs, in parallel where it can
     * @param progress told of each log that was opened
     */
    public DataPartitions(
            DataDirectory directory,
            Tuning tuning,
            PartitionPorts ports,
            Executor recovery,
            OpenProgress progress) {
        this.directory = directory;
        this.tuning = tuning;
        this.ports = ports;
        this.recovery = recovery;
        this.progress = progress;
    }

    @Override
    public List<TopicIdPartition> recover(MetadataImage image) throws IOException {
        List<LogToOpen> wanted = new ArrayList<>();
        List<ProducerStates> states = new ArrayList<>();
        for (FoundPartition found : directory.found()) {
            TopicImage topic = image.topic(found.topicId()).orElse(null);
            if (topic == null
                    || !topic.name().equals(found.topicPartition().topic())
                    || found.topicPartition().partition() >= topic.partitions().size()) {
                setAside(found);
                continue;
            }
            ProducerStates producers = newProducers();
            states.add(producers);
            wanted.add(
                    new LogToOpen(
                            found,
                            logConfig(settings(topic)),
                            new ReplayedProducers(producers, ports.clock())));
        }
        List<OpenedLog> opened = directory.openLogs(wanted, recovery, progress);
        for (int i = 0; i < opened.size(); i++) {
            recovered.put(
                    opened.get(i).partition().topicPartition(),
                    new Recovered(opened.get(i), states.get(i)));
        }
        deleteMoved(image);
        return suspects(image);
    }

    private void setAside(FoundPartition unknown) throws IOException {
        Path aside = directory.setAside(unknown);
        LOG.warn(
                "no topic has the id {} of {}: its directory is put aside as {}",
                unknown.topicId(),
                unknown.topicPartition(),
                aside);
    }

    /** Deletes what a reassignment took from this broker while it was away. */
    private void deleteMoved(MetadataImage image) throws IOException {
        for (TopicPartition name : new TreeSet<>(recovered.keySet())) {
            boolean mine =
                    image.partition(name)
                            .filter(known -> known.replicas().contains(ports.self().brokerId()))
                            .isPresent();
            Recovered found = recovered.get(name);
            if (!mine && found != null && found.log instanceof OpenedLog.Ready ready) {
                recovered.remove(name);
                directory.deleteLog(ready.log());
                LOG.info("{} has moved to other brokers and is deleted here", name);
            }
        }
    }

    private List<TopicIdPartition> suspects(MetadataImage image) {
        List<TopicIdPartition> suspects = new ArrayList<>();
        for (TopicImage topic : new TreeMap<>(image.topicsByName()).values()) {
            for (PartitionImage partition : topic.partitions()) {
                TopicPartition name = new TopicPartition(topic.name(), partition.partition());
                if (partition.replicas().contains(ports.self().brokerId())
                        && hasLost(name, topic.id())) {
                    suspects.add(new TopicIdPartition(topic.id(), partition.partition()));
                }
            }
        }
        return suspects;
    }

    private boolean hasLost(TopicPartition name, TopicId id) {
        Recovered found = recovered.get(name);
        if (found != null && found.log instanceof OpenedLog.Failed) {
            return true;
        }
        long promised = directory.promisedOffset(name, id);
        long end =
                found != null && found.log instanceof OpenedLog.Ready ready
                        ? ready.log().logEndOffset()
                        : 0;
        if (end < promised) {
            LOG.warn(
                    "{} ends at offset {} here, but had everything below {} before: it does not"
                            + " count as in sync",
                    name,
                    end,
                    promised);
        }
        return end < promised;
    }

    @Override
    public Partition open(TopicImage topic, int index, TopicSettings settings) throws IOException {
        TopicPartition name = new TopicPartition(topic.name(), index);
        Recovered found = recovered.remove(name);
        if (found == null) {
            ProducerStates producers = newProducers();
            PartitionLog created =
                    directory.createLog(
                            name,
                            topic.id(),
                            logConfig(settings),
                            new ReplayedProducers(producers, ports.clock()));
            return partition(name, topic.id(), settings, created, producers);
        }
        return switch (found.log) {
            case OpenedLog.Ready ready ->
                    partition(name, topic.id(), settings, ready.log(), found.producers);
            case OpenedLog.Failed failed -> throw new IOException(failed.reason());
        };
    }

    private Partition partition(
            TopicPartition name,
            TopicId topicId,
            TopicSettings settings,
            PartitionLog log,
            ProducerStates producers) {
        return new Partition(
                name,
                topicId,
                log,
                producers,
                shellSettings(settings),
                directory.highWatermark(log),
                ports);
    }

    @Override
    public void update(Partition hosted, TopicSettings settings) {
        hosted.update(shellSettings(settings), logConfig(settings));
    }

    @Override
    public void delete(Partition partition) throws IOException {
        try {
            directory.deleteLog(partition.log());
        } catch (MlogException failure) {
            throw new IOException(failure.reason(), failure);
        }
    }

    private ProducerStates newProducers() {
        return new ProducerStates(MAX_PRODUCERS, tuning.producerExpirationMs);
    }

    @Override
    public TopicSettings settings(TopicImage topic) {
        return TopicSettings.of(topic, tuning.topicDefaults);
    }

    private LogConfig logConfig(TopicSettings settings) {
        return new LogConfig(
                settings.segmentBytes(),
                settings.segmentMs(),
                tuning.indexIntervalBytes,
                SNAPSHOT_INTERVAL_BYTES);
    }

    private static Optional<CompactionConfig> compaction(TopicSettings settings) {
        TopicSettings.Compaction set = settings.compaction();
        return settings.compact()
                ? Optional.of(
                        new CompactionConfig(
                                set.minDirtyRatio(),
                                set.minLagMs(),
                                set.maxLagMs(),
                                set.deleteRetentionMs()))
                : Optional.empty();
    }

    private static PartitionSettings shellSettings(TopicSettings settings) {
        return new PartitionSettings(
                settings.maxMessageBytes(),
                settings.flush() == TopicSettings.FlushMode.GROUP
                        ? Durability.GROUP
                        : Durability.OS,
                settings.timestampType() == TopicSettings.TimestampType.LOG_APPEND_TIME,
                settings.delete() ? settings.retentionMs() : -1,
                settings.delete() ? settings.retentionBytes() : -1,
                compaction(settings));
    }
}
