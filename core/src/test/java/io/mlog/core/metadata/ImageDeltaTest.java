package io.mlog.core.metadata;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlog.core.metadata.ImageDelta.Gone;
import io.mlog.core.metadata.ImageDelta.Replica;
import io.mlog.core.metadata.MetadataCommand.AllocateProducerIds;
import io.mlog.core.metadata.MetadataCommand.CreatePartitions;
import io.mlog.core.metadata.MetadataCommand.DeleteTopic;
import io.mlog.core.metadata.MetadataCommand.ReassignPartitions;
import io.mlog.core.metadata.MetadataCommand.Reassignment;
import io.mlog.core.metadata.MetadataCommand.SetTopicConfigs;
import io.mlog.model.TopicId;
import io.mlog.model.TopicIdPartition;
import io.mlog.model.TopicPartition;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ImageDeltaTest {
    private static final TopicPartition T0 = new TopicPartition("t", 0);

    private final Commands cluster = Commands.clusterOf(3);
    private MetadataImage before = cluster.image();

    @Test
    void newReplicasAreThoseOfTheBrokerOnly() {
        cluster.done(
                cluster.topic(
                        "u",
                        -1,
                        -1,
                        List.of(List.of(2, 1), List.of(1, 3), List.of(3, 2)),
                        Map.of()));

        ImageDelta delta = delta(2);

        assertThat(delta.changed())
                .extracting(Replica::partition)
                .containsExactly(of("u", 0), of("u", 2));
        assertThat(delta.gone()).isEmpty();
        assertThat(delta.brokers()).isEmpty();
        assertThat(delta(1).changed())
                .extracting(Replica::id)
                .containsExactly(cluster.id("u", 0), cluster.id("u", 1));
    }

    @Test
    void aLeaderThatGoesIsAChangeOfItsReplicasAndOfTheBroker() {
        cluster.withTopic(1, 2);
        cluster.done(cluster.topic("other", -1, -1, List.of(List.of(2, 3)), Map.of()));
        before = cluster.image();

        cluster.fence(1);

        assertThat(delta(2).changed()).extracting(Replica::name).containsExactly(T0);
        assertThat(delta(2).brokers()).containsExactly(1);
        assertThat(delta(3)).isEqualTo(new ImageDelta(List.of(), List.of(), List.of(1)));
    }

    @Test
    void aTopicOfTheSameNameIsAnother() {
        cluster.withTopic(1, 2);
        TopicId first = cluster.topic("t").id();
        before = cluster.image();
        cluster.done(new DeleteTopic("t", first));
        assertThat(delta(1).gone()).containsExactly(new Gone(T0, first));
        assertThat(delta(1).changed()).isEmpty();

        cluster.withTopic(1, 3);
        assertThat(delta(1).gone()).containsExactly(new Gone(T0, first));
        assertThat(delta(1).changed())
                .extracting(Replica::topic)
                .containsExactly(cluster.topic("t"));
        assertThat(delta(2).gone()).containsExactly(new Gone(T0, first));
        assertThat(delta(2).changed()).isEmpty();
        assertThat(delta(3).gone()).isEmpty();
    }

    @Test
    void aReplicaThatMovedAwayIsGone() {
        cluster.withTopic(1, 2, 3);
        before = cluster.image();
        cluster.done(new ReassignPartitions(List.of(new Reassignment(T0, List.of(1, 2)))));

        assertThat(delta(3).gone()).containsExactly(new Gone(T0, cluster.topic("t").id()));
        assertThat(delta(3).changed()).isEmpty();
        assertThat(delta(1).gone()).isEmpty();
        assertThat(delta(1).changed()).extracting(Replica::name).containsExactly(T0);
    }

    @Test
    void anotherConfigurationIsAChangeOfEveryReplicaAndMorePartitionsOnlyOfThose() {
        cluster.done(cluster.topic("t", 2, 3));
        before = cluster.image();
        cluster.done(new SetTopicConfigs("t", List.of(new ConfigEdit.Put("retention.ms", "5"))));
        assertThat(delta(1).changed()).hasSize(2);

        before = cluster.image();
        cluster.done(new CreatePartitions("t", 3, List.of()));
        assertThat(delta(1).changed()).extracting(Replica::partition).containsExactly(of("t", 2));
    }

    @Test
    void aSnapshotOfTheSameIsNoChange() {
        cluster.withTopic(1, 2);
        MetadataImage restored =
                ImageCodec.decode(ByteBuffer.wrap(ImageCodec.encode(cluster.image())));

        assertThat(ImageDelta.between(cluster.image(), restored, 1))
                .isEqualTo(new ImageDelta(List.of(), List.of(), List.of()));
    }

    /** Whoever follows the deltas has what the image has, after every command of long lives. */
    @Test
    void theDeltasTogetherAreTheImage() {
        int changes = 0;
        for (long seed = 1; seed <= 5; seed++) {
            RandomCommands commands = new RandomCommands(seed);
            MetadataMachine machine = new MetadataMachine(MetadataImage.EMPTY);
            Map<TopicIdPartition, PartitionImage> held = new HashMap<>();
            for (int index = 1; index <= 1500; index++) {
                MetadataImage older = machine.image();
                machine.apply(index, commands.next(older));
                ImageDelta delta = ImageDelta.between(older, machine.image(), 2);
                for (Gone gone : delta.gone()) {
                    held.remove(new TopicIdPartition(gone.topicId(), gone.name().partition()));
                }
                delta.changed().forEach(replica -> held.put(replica.id(), replica.partition()));
                changes += delta.changed().size() + delta.gone().size();
                assertThat(held)
                        .as("seed %d, command %d", seed, index)
                        .isEqualTo(replicasOf(machine.image()));
            }
        }
        assertThat(changes).isGreaterThan(1000);
    }

    private static Map<TopicIdPartition, PartitionImage> replicasOf(MetadataImage image) {
        Map<TopicIdPartition, PartitionImage> replicas = new HashMap<>();
        for (TopicImage topic : image.topicsByName().values()) {
            for (PartitionImage partition : topic.partitions()) {
                if (partition.replicas().contains(2)) {
                    replicas.put(
                            new TopicIdPartition(topic.id(), partition.partition()), partition);
                }
            }
        }
        return replicas;
    }

    @Test
    void whatDidNotChangeIsNotLookedAt() {
        for (int i = 0; i < 300; i++) {
            cluster.done(cluster.topic("topic-" + i, 1, 3));
        }
        before = cluster.image();
        cluster.done(
                cluster.isrChange(
                        "topic-7", 0, cluster.topic("topic-7").partitions().getFirst().leader()));
        MetadataImage after = cluster.image();
        before.topicsByName()
                .forEach((name, topic) -> {
                    if (!name.equals("topic-7")) {
                        assertThat(after.topicsByName().get(name)).isSameAs(topic);
                    }
                });
        assertThat(delta(1).changed()).hasSize(1);

        cluster.done(new AllocateProducerIds(1));
        assertThat(cluster.image().topicsByName()).isSameAs(after.topicsByName());
        assertThat(cluster.image().brokers()).isSameAs(before.brokers());
    }

    private ImageDelta delta(int broker) {
        return ImageDelta.between(before, cluster.image(), broker);
    }

    private PartitionImage of(String topic, int partition) {
        return cluster.topic(topic).partitions().get(partition);
    }
}
