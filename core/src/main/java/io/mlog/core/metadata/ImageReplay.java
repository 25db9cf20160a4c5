package io.mlog.core.metadata;

import io.mlog.core.metadata.MetadataRecord.BrokerRegistered;
import io.mlog.core.metadata.MetadataRecord.BrokerStateChange;
import io.mlog.core.metadata.MetadataRecord.BrokerUnregistered;
import io.mlog.core.metadata.MetadataRecord.ClusterCreated;
import io.mlog.core.metadata.MetadataRecord.ConfigChanged;
import io.mlog.core.metadata.MetadataRecord.IsrUpdate;
import io.mlog.core.metadata.MetadataRecord.LeaderChange;
import io.mlog.core.metadata.MetadataRecord.PartitionCreated;
import io.mlog.core.metadata.MetadataRecord.ProducerIdsAllocated;
import io.mlog.core.metadata.MetadataRecord.ReplicasChange;
import io.mlog.core.metadata.MetadataRecord.TopicCreated;
import io.mlog.core.metadata.MetadataRecord.TopicDeleted;
import io.mlog.model.TopicId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Turns decided facts into the next image: the only way in which metadata changes. Holds the parts
 * of one image while they change; copies of a part are made when it is first touched. One use for
 * one command; a fact that contradicts the image is a bug of the decider and throws.
 */
final class ImageReplay {
    private final MetadataImage before;
    private int level;
    private String clusterId;
    private final DraftMap<String, TopicImage> topicsByName;
    private final DraftMap<TopicId, String> topicNames;
    private final DraftMap<Integer, BrokerImage> brokers;
    private int nextBrokerId;
    private long nextProducerId;
    private final Map<String, TopicDraft> drafts = new HashMap<>();

    private ImageReplay(MetadataImage before) {
        this.before = before;
        level = before.level();
        clusterId = before.clusterId();
        topicsByName = new DraftMap<>(before.topicsByName());
        topicNames = new DraftMap<>(before.topicNames());
        brokers = new DraftMap<>(before.brokers());
        nextBrokerId = before.nextBrokerId();
        nextProducerId = before.nextProducerId();
    }

    static MetadataImage replay(MetadataImage image, List<MetadataRecord> records) {
        if (records.isEmpty()) {
            return image;
        }
        ImageReplay replay = new ImageReplay(image);
        records.forEach(replay::replay);
        return replay.image();
    }

    private void replay(MetadataRecord fact) {
        switch (fact) {
            case ClusterCreated created -> {
                clusterId = created.clusterId();
                level = created.level();
            }
            case BrokerRegistered registered -> {
                brokers.put(registered.broker().id(), registered.broker());
                nextBrokerId = Math.max(nextBrokerId, registered.broker().id() + 1);
            }
            case BrokerStateChange change ->
                    brokers.put(
                            change.brokerId(),
                            broker(change.brokerId()).in(change.fenced(), change.shuttingDown()));
            case BrokerUnregistered gone -> brokers.remove(gone.brokerId());
            case TopicCreated created -> {
                topicNames.put(created.id(), created.name());
                drafts.put(created.name(), new TopicDraft(created));
            }
            case PartitionCreated created -> draft(created.topic()).add(created.partition());
            case LeaderChange change -> draft(change.partition().topic()).lead(change);
            case IsrUpdate update -> draft(update.partition().topic()).update(update);
            case ReplicasChange change -> draft(change.partition().topic()).move(change);
            case ConfigChanged change -> draft(change.topic()).configure(change);
            case TopicDeleted deleted -> {
                topicsByName.remove(deleted.name());
                topicNames.remove(deleted.id());
            }
            case ProducerIdsAllocated allocated -> nextProducerId = allocated.nextProducerId();
        }
    }

    private MetadataImage image() {
        drafts.values().forEach(draft -> topicsByName.put(draft.name, draft.image()));
        return new MetadataImage(
                before.appliedIndex(),
                before.commandCount(),
                level,
                clusterId,
                topicsByName.map(),
                topicNames.map(),
                brokers.map(),
                nextBrokerId,
                nextProducerId);
    }

    private BrokerImage broker(int id) {
        BrokerImage broker = brokers.find(id);
        if (broker == null) {
            throw new IllegalStateException("broker " + id + " is not registered");
        }
        return broker;
    }

    private TopicDraft draft(String topic) {
        return drafts.computeIfAbsent(
                topic, name -> new TopicDraft(before.topic(name).orElseThrow()));
    }

    private static final class TopicDraft {
        private final String name;
        private final TopicId id;
        private final List<PartitionImage> partitions;
        private final Map<String, String> configs;

        TopicDraft(TopicCreated created) {
            name = created.name();
            id = created.id();
            partitions = new ArrayList<>();
            configs = new HashMap<>(created.configs());
        }

        TopicDraft(TopicImage topic) {
            name = topic.name();
            id = topic.id();
            partitions = new ArrayList<>(topic.partitions());
            configs = new HashMap<>(topic.configs());
        }

        void add(PartitionImage partition) {
            if (partition.partition() != partitions.size()) {
                throw new IllegalStateException(
                        "partition %d of %s follows %d others"
                                .formatted(partition.partition(), name, partitions.size()));
            }
            partitions.add(partition);
        }

        void lead(LeaderChange change) {
            int index = change.partition().partition();
            PartitionImage old = partitions.get(index);
            partitions.set(
                    index,
                    new PartitionImage(
                            index,
                            old.replicas(),
                            old.isr(),
                            change.leader(),
                            change.leaderEpoch(),
                            change.partitionEpoch(),
                            old.addingReplicas(),
                            old.removingReplicas(),
                            old.lostDirectory()));
        }

        void update(IsrUpdate update) {
            int index = update.partition().partition();
            PartitionImage old = partitions.get(index);
            partitions.set(
                    index,
                    new PartitionImage(
                            index,
                            old.replicas(),
                            update.isr(),
                            old.leader(),
                            old.leaderEpoch(),
                            update.partitionEpoch(),
                            old.addingReplicas(),
                            old.removingReplicas(),
                            update.lostDirectory()));
        }

        void move(ReplicasChange change) {
            int index = change.partition().partition();
            PartitionImage old = partitions.get(index);
            partitions.set(
                    index,
                    new PartitionImage(
                            index,
                            change.replicas(),
                            old.isr(),
                            old.leader(),
                            old.leaderEpoch(),
                            change.partitionEpoch(),
                            change.adding(),
                            change.removing(),
                            old.lostDirectory()));
        }

        void configure(ConfigChanged change) {
            if (change.value() == null) {
                configs.remove(change.name());
            } else {
                configs.put(change.name(), change.value());
            }
        }

        TopicImage image() {
            return new TopicImage(name, id, partitions, configs);
        }
    }
}
