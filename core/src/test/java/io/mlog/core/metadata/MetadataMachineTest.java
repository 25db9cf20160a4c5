package io.mlog.core.metadata;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mlog.core.metadata.CommandResult.Done;
import io.mlog.core.metadata.CommandResult.Outcome;
import io.mlog.core.metadata.CommandResult.Refused;
import io.mlog.core.metadata.MetadataCommand.AllocateProducerIds;
import io.mlog.core.metadata.MetadataCommand.CompareImage;
import io.mlog.core.metadata.MetadataCommand.CreateCluster;
import io.mlog.core.metadata.MetadataCommand.CreatePartitions;
import io.mlog.core.metadata.MetadataCommand.DeleteTopic;
import io.mlog.core.metadata.MetadataCommand.ReplaceTopicConfigs;
import io.mlog.core.metadata.MetadataCommand.Retired;
import io.mlog.core.metadata.MetadataCommand.SetTopicConfigs;
import io.mlog.model.TopicId;
import io.mlog.model.TopicPartition;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class MetadataMachineTest {
    private static final TopicPartition ORDERS_0 = new TopicPartition("orders", 0);

    private final Commands cluster = Commands.clusterOf(1);

    @Test
    void aTopicIsCreatedWithLeadersAndFoundByNameAndId() {
        Outcome outcome = cluster.done(cluster.topic("orders", 3, -1));

        TopicImage topic = cluster.topic("orders");
        assertThat(outcome).isEqualTo(new Outcome.Topic(topic));
        assertThat(topic.partitions())
                .containsExactlyElementsOf(
                        IntStream.range(0, 3)
                                .mapToObj(
                                        i -> new PartitionImage(i, List.of(1), List.of(1), 1, 0, 0))
                                .toList());
        assertThat(cluster.image().topic(topic.id())).contains(topic);
    }

    @Test
    void theResultNamesTheIndexAtWhichTheImageShowsIt() {
        CommandResult result = cluster.apply(cluster.topic("orders", 1, 1));

        assertThat(result).isInstanceOf(Done.class);
        assertThat(((Done) result).index()).isEqualTo(cluster.image().appliedIndex());
    }

    @Test
    void aDeletedTopicsNameIsFreeAtOnce() {
        cluster.done(cluster.topic("orders", 1, 1));
        cluster.done(cluster.topic("kept", 1, 1));
        TopicId first = cluster.topic("orders").id();

        cluster.done(new DeleteTopic("orders", first));
        assertThat(cluster.image().topic(first)).isEmpty();
        assertThat(cluster.image().topic("kept")).isPresent();

        cluster.done(cluster.topic("orders", 1, 1));
        assertThat(cluster.topic("orders").id()).isNotEqualTo(first);
        assertThat(cluster.refused(new DeleteTopic("orders", first)).message())
                .contains(first.toString(), cluster.topic("orders").id().toString());
    }

    @Test
    void partitionsGrowAndKeepWhatWasThere() {
        cluster.done(cluster.topic("orders", 2, 1));
        List<PartitionImage> before = cluster.topic("orders").partitions();

        cluster.done(new CreatePartitions("orders", 5, List.of()));

        assertThat(cluster.topic("orders").partitions()).hasSize(5).startsWith(before.getFirst());
    }

    @Test
    void configsAreEditedAsOneAndBackToTheDefault() {
        cluster.done(cluster.topic("orders", 1, 1));
        cluster.done(
                new SetTopicConfigs(
                        "orders",
                        List.of(
                                new ConfigEdit.Put("retention.ms", " 1000 "),
                                new ConfigEdit.Append("cleanup.policy", "compact,delete"))));
        assertThat(cluster.topic("orders").configs())
                .isEqualTo(Map.of("retention.ms", "1000", "cleanup.policy", "delete,compact"));

        cluster.done(
                new SetTopicConfigs(
                        "orders",
                        List.of(
                                new ConfigEdit.Reset("retention.ms"),
                                new ConfigEdit.Subtract("cleanup.policy", "delete"))));
        assertThat(cluster.topic("orders").configs())
                .isEqualTo(Map.of("cleanup.policy", "compact"));

        cluster.done(new ReplaceTopicConfigs("orders", Map.of("flush", "os")));
        assertThat(cluster.topic("orders").configs()).isEqualTo(Map.of("flush", "os"));
    }

    @Test
    void producerIdsAreNeverGivenTwice() {
        assertThat(cluster.done(new AllocateProducerIds(1000)))
                .isEqualTo(new Outcome.ProducerIds(0, 1000));
        assertThat(cluster.done(new AllocateProducerIds(7)))
                .isEqualTo(new Outcome.ProducerIds(1000, 7));
        assertThat(cluster.image().nextProducerId()).isEqualTo(1007);
    }

    @Test
    void whatEarlierBuildsHaveWrittenChangesNothing() {
        MetadataImage before = cluster.image();

        assertThat(cluster.refused(new Retired(9)).message()).contains("number 9");

        assertThat(cluster.image()).isEqualTo(before.stepped(cluster.image().appliedIndex()));
    }

    @Test
    void everyStartOfABrokerKeepsItsIdAndRenewsItsLeaderships() {
        cluster.done(cluster.topic("orders", 1, 1));

        int id = cluster.start(Commands.broker("node-1", 2, "rack-a"));

        assertThat(id).isEqualTo(1);
        assertThat(cluster.image().broker("node-1").orElseThrow().bootEpoch()).isEqualTo(2);
        assertThat(cluster.image().partition(ORDERS_0))
                .contains(new PartitionImage(0, List.of(1), List.of(1), 1, 2, 2));
    }

    @Test
    void theClusterIsFoundedOnce() {
        cluster.done(new CreateCluster(Commands.CLUSTER));
        assertThat(cluster.refused(new CreateCluster("c-2")).message()).contains("c-1", "c-2");
        assertThat(cluster.image().clusterId()).isEqualTo("c-1");
        assertThat(cluster.image().level()).isEqualTo(MetadataMachine.LEVEL);
        assertThat(
                        Commands.from(MetadataImage.EMPTY)
                                .refused(Commands.broker("node-1", 1, null))
                                .message())
                .contains("has not been founded");
    }

    @Test
    void aPreviewTellsTheAnswerAndChangesNothing() {
        MetadataImage before = cluster.image();

        CommandResult accepted = MetadataMachine.preview(before, cluster.topic("orders", 2, 1));
        CommandResult refused = MetadataMachine.preview(before, cluster.topic("a b", 1, 1));

        assertThat(accepted).isInstanceOf(Done.class);
        assertThat(refused).isInstanceOf(Refused.class);
        assertThat(cluster.image()).isSameAs(before);
        assertThat(before.topicsByName()).isEmpty();
    }

    @Test
    void anIndexThatDoesNotRiseIsABug() {
        long index = cluster.image().appliedIndex();
        assertThatThrownBy(() -> cluster.machine.apply(index, new AllocateProducerIds(1)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining(Long.toString(index));
    }

    @Test
    void aNodeWhoseImageIsNotTheLeadersStops() {
        while (cluster.image().commandCount() < ImageCheckpoints.INTERVAL) {
            assertThat(cluster.machine.takeDueComparison()).isEmpty();
            cluster.done(new AllocateProducerIds(1));
        }
        CompareImage due = cluster.machine.takeDueComparison().orElseThrow();
        assertThat(due)
                .isEqualTo(
                        new CompareImage(
                                ImageCheckpoints.INTERVAL, ImageCodec.hash(cluster.image())));
        assertThat(cluster.machine.takeDueComparison()).isEmpty();

        cluster.done(due);
        cluster.done(new CompareImage(ImageCheckpoints.INTERVAL - 1, 12345));
        assertThatThrownBy(() ->
                        cluster.apply(new CompareImage(due.commandCount(), due.imageHash() ^ 1)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("%016x".formatted(due.imageHash()));
    }
}
