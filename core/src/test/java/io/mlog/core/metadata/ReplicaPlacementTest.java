package io.mlog.core.metadata;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlog.core.metadata.MetadataCommand.CreateCluster;
import io.mlog.core.metadata.MetadataCommand.CreatePartitions;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ReplicaPlacementTest {
    @Test
    void theDefaultIsThreeReplicasOrAsManyAsThereAreBrokers() {
        for (int brokers = 1; brokers <= 5; brokers++) {
            Commands cluster = Commands.clusterOf(brokers);
            cluster.done(cluster.topic("t", -1, -1));
            assertThat(cluster.topic("t").partitions()).hasSize(1);
            assertThat(cluster.topic("t").replicationFactor()).isEqualTo(Math.min(3, brokers));
        }
    }

    @Test
    void aTopicThatIsMadeWhileABrokerIsAwayHasAsManyReplicasAsOthers() {
        Commands cluster = Commands.clusterOf(3);
        cluster.fence(2);
        cluster.done(cluster.topic("t", 4, -1));
        assertThat(cluster.topic("t").partitions())
                .allSatisfy(partition -> {
                    assertThat(partition.replicas()).containsExactlyInAnyOrder(1, 2, 3);
                    assertThat(partition.isr()).containsExactlyInAnyOrder(1, 3);
                    assertThat(partition.leader()).isNotEqualTo(2);
                });
    }

    @Test
    void replicasThatAreAwayLieInOtherRacksToo() {
        Commands cluster = Commands.from(MetadataImage.EMPTY);
        cluster.done(new CreateCluster("c"));
        Map<Integer, String> racks = Map.of(1, "a", 2, "a", 3, "b");
        racks.keySet().stream()
                .sorted()
                .forEach(id -> cluster.start(Commands.broker("n" + id, 1, racks.get(id))));
        cluster.fence(2);
        cluster.fence(3);
        cluster.done(cluster.topic("t", 5, 2));

        assertThat(cluster.topic("t").partitions())
                .extracting(PartitionImage::replicas)
                .containsOnly(List.of(1, 3));
    }

    @Test
    void withoutALiveBrokerThereAreNoPartitions() {
        Commands cluster = Commands.clusterOf(2);
        cluster.fence(1);
        cluster.fence(2);

        assertThat(cluster.refused(cluster.topic("t", 1, 1)).message())
                .contains("1 to 0 are possible with 0 live brokers and 2 away");
    }

    @Test
    void aClusterOfLevel1GoesOnWithLiveBrokersOnly() {
        Commands cluster = Commands.from(MetadataImage.EMPTY);
        cluster.done(new CreateCluster("c", 1));
        for (int id = 1; id <= 3; id++) {
            cluster.start(Commands.broker("n" + id, 1, null));
        }
        cluster.fence(2);

        assertThat(cluster.refused(cluster.topic("t", 1, 3)).message())
                .endsWith("1 to 2 are possible with 2 live brokers");
        cluster.done(cluster.topic("t", 1, -1));
        assertThat(cluster.topic("t").replicationFactor()).isEqualTo(2);
    }

    @Test
    void leadersAndReplicasAreSpreadEvenly() {
        Commands cluster = Commands.clusterOf(5);
        cluster.done(cluster.topic("t", 50, 3));

        Map<Integer, Integer> leaders = new TreeMap<>();
        Map<Integer, Integer> replicas = new TreeMap<>();
        for (PartitionImage partition : cluster.topic("t").partitions()) {
            assertThat(new HashSet<>(partition.replicas())).hasSize(3);
            assertThat(partition.isr()).isEqualTo(partition.replicas());
            assertThat(partition.leader()).isEqualTo(partition.replicas().getFirst());
            leaders.merge(partition.leader(), 1, Integer::sum);
            partition.replicas().forEach(id -> replicas.merge(id, 1, Integer::sum));
        }
        assertThat(leaders.values()).containsOnly(10);
        assertThat(replicas.values()).allSatisfy(count -> assertThat(count).isBetween(29, 31));
    }

    @Test
    void topicsOfOnePartitionGoRoundTheBrokers() {
        Commands cluster = Commands.clusterOf(3);
        HashSet<Integer> leaders = new HashSet<>();
        for (int i = 0; i < 3; i++) {
            cluster.done(cluster.topic("t" + i, 1, 1));
            leaders.add(cluster.topic("t" + i).partitions().getFirst().leader());
        }
        assertThat(leaders).containsExactlyInAnyOrder(1, 2, 3);
    }

    @Test
    void newPartitionsGoOnWhereTheTopicsRoundStopped() {
        Commands cluster = Commands.clusterOf(3);
        cluster.done(cluster.topic("t", 2, 1));
        cluster.done(new CreatePartitions("t", 3, List.of()));

        assertThat(cluster.topic("t").partitions().stream().map(PartitionImage::leader))
                .containsExactlyInAnyOrder(1, 2, 3);
    }

    @Test
    void replicasOfAPartitionLieInDifferentRacks() {
        Commands cluster = Commands.from(MetadataImage.EMPTY);
        cluster.done(new CreateCluster("c"));
        Map<Integer, String> racks = Map.of(1, "a", 2, "a", 3, "b", 4, "b", 5, "c", 6, "c");
        racks.keySet().stream()
                .sorted()
                .forEach(id -> cluster.start(Commands.broker("n" + id, 1, racks.get(id))));
        cluster.done(cluster.topic("t", 30, 3));

        for (PartitionImage partition : cluster.topic("t").partitions()) {
            assertThat(partition.replicas().stream().map(racks::get).distinct()).hasSize(3);
        }
    }

    @Test
    void anAssignmentIsFollowedToTheLetter() {
        Commands cluster = Commands.clusterOf(3);
        cluster.done(cluster.topic("t", -1, -1, List.of(List.of(3, 1), List.of(2, 3)), Map.of()));

        assertThat(cluster.topic("t").partitions())
                .containsExactly(
                        new PartitionImage(0, List.of(3, 1), List.of(3, 1), 3, 0, 0),
                        new PartitionImage(1, List.of(2, 3), List.of(2, 3), 2, 0, 0));
    }
}
