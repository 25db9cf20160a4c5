package io.mlog.broker;

import io.mlog.broker.flush.Flusher;
import io.mlog.broker.partition.Partition;
import io.mlog.broker.partition.PartitionSettings;
import io.mlog.broker.partition.ReplayedProducers;
import io.mlog.broker.partition.Timer;
import io.mlog.broker.topics.PartitionStore;
import io.mlog.core.metadata.MetadataImage;
import io.mlog.core.metadata.PartitionImage;
import io.mlog.core.metadata.TopicImage;
import io.mlog.core.metadata.TopicSettings;
import io.mlog.core.producer.ProducerStates;
import io.mlog.core.replication.HighWatermark.Durability;
import io.mlog.model.MlogException;
import io.mlog.model.TopicPartition;
import io.mlog.storage.DataDirectory;
import io.mlog.storage.FoundPartition;
import io.mlog.storage.LogConfig;
import io.mlog.storage.LogToOpen;
import io.mlog.storage.OpenProgress;
import io.mlog.storage.OpenedLog;
import io.mlog.storage.PartitionLog;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Opens partitions from a data directory. Owned by the reconciler's thread. */
final class DataPartitions implements PartitionStore {
    private static final Logger LOG = LoggerFactory.getLogger(DataPartitions.class);

    /** Most idempotent producers remembered for each partition. */
    private static final int MAX_PRODUCERS = 10_000;

    private static final int SNAPSHOT_INTERVAL_BYTES = 64 << 20;

    private final DataDirectory directory;
    private final Tuning tuning;
    private final Flusher flusher;
    private final Timer timer;
    private final InstantSource clock;
    private final Executor recovery;
    private final OpenProgress progress;
    private final Map<TopicPartition, Recovered> recovered = new HashMap<>();

    /**
     * What the broker's configuration says about logs.
     *
     * @param topicDefaults values for what topics do not set
     */
    record Tuning(
            int indexIntervalBytes, long producerExpirationMs, Map<String, String> topicDefaults) {}

    private record Recovered(OpenedLog log, ProducerStates producers) {}

    DataPartitions(
            DataDirectory directory,
            Tuning tuning,
            Flusher flusher,
            Timer timer,
            InstantSource clock,
            Executor recovery,
            OpenProgress progress) {
        this.directory = directory;
        this.tuning = tuning;
        this.flusher = flusher;
        this.timer = timer;
        this.clock = clock;
        this.recovery = recovery;
        this.progress = progress;
    }

    @Override
    public void recover(MetadataImage image) throws IOException {
        List<LogToOpen> wanted = new ArrayList<>();
        List<ProducerStates> states = new ArrayList<>();
        for (FoundPartition found : directory.found()) {
            TopicImage topic = image.topic(found.topicId()).orElse(null);
            if (topic == null
                    || !topic.name().equals(found.topicPartition().topic())
                    || found.topicPartition().partition() >= topic.partitions().size()) {
                Path aside = directory.setAside(found);
                LOG.warn(
                        "no topic has the id {} of {}: its directory is put aside as {}",
                        found.topicId(),
                        found.topicPartition(),
                        aside);
                continue;
            }
            ProducerStates producers = newProducers();
            states.add(producers);
            wanted.add(
                    new LogToOpen(
                            found,
                            logConfig(settings(topic)),
                            new ReplayedProducers(producers, clock.millis())));
        }
        List<OpenedLog> opened = directory.openLogs(wanted, recovery, progress);
        for (int i = 0; i < opened.size(); i++) {
            recovered.put(
                    opened.get(i).partition().topicPartition(),
                    new Recovered(opened.get(i), states.get(i)));
        }
    }

    @Override
    public Partition open(TopicImage topic, PartitionImage partition) throws IOException {
        TopicPartition name = new TopicPartition(topic.name(), partition.partition());
        TopicSettings settings = settings(topic);
        Recovered found = recovered.remove(name);
        if (found == null) {
            ProducerStates producers = newProducers();
            PartitionLog created =
                    directory.createLog(
                            name,
                            topic.id(),
                            logConfig(settings),
                            new ReplayedProducers(producers, clock.millis()));
            return partition(topic, partition, settings, created, producers);
        }
        return switch (found.log) {
            case OpenedLog.Ready ready ->
                    partition(topic, partition, settings, ready.log(), found.producers);
            case OpenedLog.Failed failed -> throw new IOException(failed.reason());
        };
    }

    private Partition partition(
            TopicImage topic,
            PartitionImage partition,
            TopicSettings settings,
            PartitionLog log,
            ProducerStates producers) {
        return new Partition(
                new TopicPartition(topic.name(), partition.partition()),
                topic.id(),
                log,
                producers,
                shellSettings(settings),
                partition.leaderEpoch(),
                directory.highWatermark(log),
                flusher,
                timer,
                clock);
    }

    @Override
    public void update(Partition hosted, TopicImage topic, PartitionImage partition) {
        TopicSettings settings = settings(topic);
        hosted.update(shellSettings(settings), logConfig(settings), partition.leaderEpoch());
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

    private TopicSettings settings(TopicImage topic) {
        return TopicSettings.of(topic, tuning.topicDefaults);
    }

    private LogConfig logConfig(TopicSettings settings) {
        return new LogConfig(
                settings.segmentBytes(),
                settings.segmentMs(),
                tuning.indexIntervalBytes,
                SNAPSHOT_INTERVAL_BYTES);
    }

    private static PartitionSettings shellSettings(TopicSettings settings) {
        return new PartitionSettings(
                settings.maxMessageBytes(),
                settings.flush() == TopicSettings.FlushMode.GROUP
                        ? Durability.GROUP
                        : Durability.OS,
                settings.timestampType() == TopicSettings.TimestampType.LOG_APPEND_TIME,
                settings.delete() ? settings.retentionMs() : -1,
                settings.delete() ? settings.retentionBytes() : -1);
    }
}
