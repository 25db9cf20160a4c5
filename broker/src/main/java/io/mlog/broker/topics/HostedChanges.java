package io.mlog.broker.topics;

import io.mlog.broker.partition.HostedPartitions;
import io.mlog.broker.partition.Partition;
import io.mlog.core.metadata.ImageDelta;
import io.mlog.core.metadata.MetadataImage;
import io.mlog.core.metadata.PartitionImage;
import io.mlog.core.metadata.TopicImage;
import io.mlog.core.metadata.TopicSettings;
import io.mlog.model.TopicPartition;
import java.io.IOException;
import java.util.Comparator;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens, changes and deletes hosted partitions as a newer image says. What did not change costs
 * nothing, so that frequent changes of one partition among many are cheap; when something of a
 * broker changed it looks at all partitions, since their leaders must know who is alive. Owned by
 * the reconciler's thread.
 */
final class HostedChanges {
    private static final Logger LOG = LoggerFactory.getLogger(HostedChanges.class);

    private final int brokerId;
    private final HostedPartitions hosted;
    private final PartitionStore store;
    private final PartitionViews views;

    /** Those that could not be opened; tried again with each image. */
    private final Set<TopicPartition> unopened = new TreeSet<>();

    private MetadataImage acted = MetadataImage.EMPTY;

    HostedChanges(
            int brokerId, HostedPartitions hosted, PartitionStore store, PartitionViews views) {
        this.brokerId = brokerId;
        this.hosted = hosted;
        this.store = store;
        this.views = views;
    }

    /** Acts on {@code image}, which is newer than the last. */
    void act(MetadataImage image) {
        ImageDelta delta = ImageDelta.between(acted, image, brokerId);
        for (ImageDelta.Gone gone : delta.gone()) {
            unopened.remove(gone.name());
            Partition present = hosted.find(gone.name());
            if (present != null && present.topicId().equals(gone.topicId())) {
                delete(present);
            }
        }
        Map<TopicImage, Set<Integer>> changed = changed(delta, image);
        changed.forEach((topic, partitions) -> change(image, topic, partitions));
        acted = image;
    }

    /** Indexes of the partitions to look at, in an order that is the same everywhere. */
    private Map<TopicImage, Set<Integer>> changed(ImageDelta delta, MetadataImage image) {
        Map<TopicImage, Set<Integer>> changed =
                new TreeMap<>(Comparator.comparing(TopicImage::name));
        for (ImageDelta.Replica replica : delta.changed()) {
            add(changed, replica.topic(), replica.partition().partition());
        }
        for (TopicPartition name : unopened) {
            image.topic(name.topic()).ifPresent(topic -> add(changed, topic, name.partition()));
        }
        if (!delta.brokers().isEmpty()) {
            for (Partition each : hosted.all()) {
                image.topic(each.topicId())
                        .ifPresent(topic -> add(changed, topic, each.name().partition()));
            }
        }
        return changed;
    }

    private static void add(
            Map<TopicImage, Set<Integer>> changed, TopicImage topic, int partition) {
        changed.computeIfAbsent(topic, first -> new TreeSet<>()).add(partition);
    }

    private void change(MetadataImage image, TopicImage topic, Set<Integer> partitions) {
        TopicSettings settings = store.settings(topic);
        TopicImage before = acted.topic(topic.id()).orElse(null);
        boolean configured = before == null || !before.configs().equals(topic.configs());
        for (int index : partitions) {
            TopicPartition name = new TopicPartition(topic.name(), index);
            Partition present = hosted(topic, name, settings, configured);
            if (present != null) {
                PartitionImage partition = topic.partitions().get(index);
                present.apply(views.of(image, topic, partition));
            }
        }
    }

    /** The hosted partition, opened when it is not; null when it cannot be. */
    private @Nullable Partition hosted(
            TopicImage topic, TopicPartition name, TopicSettings settings, boolean configured) {
        Partition present = hosted.find(name);
        if (present == null) {
            return open(topic, name, settings);
        }
        if (configured) {
            store.update(present, settings);
        }
        return present;
    }

    private @Nullable Partition open(
            TopicImage topic, TopicPartition name, TopicSettings settings) {
        try {
            Partition opened = store.open(topic, name.partition(), settings);
            hosted.add(opened);
            unopened.remove(name);
            return opened;
        } catch (IOException failure) {
            unopened.add(name);
            LOG.error("partition {} cannot be opened and is offline: {}", name, failure.toString());
            return null;
        }
    }

    private void delete(Partition partition) {
        hosted.remove(partition);
        try {
            store.delete(partition);
        } catch (IOException failure) {
            LOG.error(
                    "the records of deleted partition {} cannot be removed: {}",
                    partition.name(),
                    failure.toString());
        }
    }
}
