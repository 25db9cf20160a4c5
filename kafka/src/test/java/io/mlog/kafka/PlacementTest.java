package io.mlog.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlog.core.metadata.PartitionImage;
import io.mlog.core.metadata.TopicImage;
import io.mlog.model.ErrorCode;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.message.AlterPartitionReassignmentsRequestData;
import org.apache.kafka.common.message.AlterPartitionReassignmentsResponseData;
import org.apache.kafka.common.message.AlterPartitionReassignmentsResponseData.ReassignablePartitionResponse;
import org.apache.kafka.common.message.ElectLeadersRequestData;
import org.apache.kafka.common.message.ElectLeadersResponseData;
import org.apache.kafka.common.message.ElectLeadersResponseData.PartitionResult;
import org.apache.kafka.common.message.ListPartitionReassignmentsRequestData;
import org.apache.kafka.common.message.ListPartitionReassignmentsRequestData.ListPartitionReassignmentsTopics;
import org.apache.kafka.common.message.ListPartitionReassignmentsResponseData;
import org.apache.kafka.common.message.ListPartitionReassignmentsResponseData.OngoingPartitionReassignment;
import org.apache.kafka.common.protocol.ApiKeys;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Moves of replicas and elections. Brokers 7 and 8 are alive, 9 is fenced. */
final class PlacementTest {
    private final KafkaExchange kafka = new KafkaExchange();

    @BeforeEach
    void threeBrokers() {
        kafka.topics.registerAll();
    }

    @Test
    void everyVersionMovesAPartitionAndBack() {
        for (int version = 0; version <= 1; version++) {
            led("orders", List.of(7), 7);

            assertThat(reassign(version, Requests.reassign("orders", 0, List.of(8, 7))).errorCode())
                    .isZero();

            OngoingPartitionReassignment ongoing = onlyOngoing();
            assertThat(ongoing.replicas()).containsExactly(8, 7);
            assertThat(ongoing.addingReplicas()).containsExactly(8);
            assertThat(ongoing.removingReplicas()).isEmpty();

            assertThat(reassign(version, Requests.reassign("orders", 0, null)).errorCode())
                    .isZero();
            assertThat(list(new ListPartitionReassignmentsRequestData()).topics()).isEmpty();
        }
    }

    @Test
    void refusedMovesCarryCodeAndSentence() {
        led("orders", List.of(7), 7);

        ReassignablePartitionResponse stranger =
                reassign(1, Requests.reassign("orders", 0, List.of(7, 4)));
        ReassignablePartitionResponse nobody =
                reassign(1, Requests.reassign("orders", 0, List.of()));
        ReassignablePartitionResponse unknown =
                reassign(1, Requests.reassign("orders", 5, List.of(7)));
        ReassignablePartitionResponse still = reassign(1, Requests.reassign("orders", 0, null));

        assertThat(stranger.errorCode())
                .isEqualTo(ErrorCode.INVALID_REPLICA_ASSIGNMENT.kafkaCode());
        assertThat(stranger.errorMessage()).contains("broker 4", "[7, 8, 9]");
        assertThat(nobody.errorCode()).isEqualTo(ErrorCode.INVALID_REPLICA_ASSIGNMENT.kafkaCode());
        assertThat(unknown.errorCode()).isEqualTo(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION.kafkaCode());
        assertThat(still.errorCode()).isEqualTo(ErrorCode.NO_REASSIGNMENT_IN_PROGRESS.kafkaCode());
    }

    @Test
    void theNumberOfReplicasChangesOnlyWhereTheRequestAllowsIt() {
        led("orders", List.of(7), 7);
        AlterPartitionReassignmentsRequestData more = Requests.reassign("orders", 0, List.of(7, 8));

        ReassignablePartitionResponse refused =
                reassign(1, more.duplicate().setAllowReplicationFactorChange(false));

        assertThat(refused.errorCode()).isEqualTo(ErrorCode.INVALID_REPLICATION_FACTOR.kafkaCode());
        assertThat(refused.errorMessage()).contains("2 replicas were named; the partition has 1");
        assertThat(reassign(1, more).errorCode()).isZero();
    }

    @Test
    void onlyTheNamedPartitionsAreListed() {
        led("orders", List.of(7), 7);
        led("payments", List.of(7), 7);
        reassign(1, Requests.reassign("orders", 0, List.of(8, 7)));
        reassign(1, Requests.reassign("payments", 0, List.of(8, 7)));

        ListPartitionReassignmentsResponseData told =
                list(
                        new ListPartitionReassignmentsRequestData()
                                .setTopics(
                                        List.of(
                                                new ListPartitionReassignmentsTopics()
                                                        .setName("payments")
                                                        .setPartitionIndexes(List.of(0, 9, -1)))));

        assertThat(told.topics()).hasSize(1);
        assertThat(told.topics().getFirst().name()).isEqualTo("payments");
        assertThat(told.topics().getFirst().partitions()).hasSize(1);
    }

    @Test
    void everyVersionElectsTheFirstReplica() {
        for (int version = 0; version <= 2; version++) {
            led("orders", List.of(8, 7), 7);

            PartitionResult elected =
                    onlyElected(elect(version, Requests.electLeaders("orders", 0)));
            assertThat(elected.errorCode()).isZero();
            assertThat(kafka.topics.named("orders").partitions().getFirst().leader()).isEqualTo(8);

            PartitionResult again = onlyElected(elect(version, Requests.electLeaders("orders", 0)));
            assertThat(again.errorCode()).isEqualTo(ErrorCode.ELECTION_NOT_NEEDED.kafkaCode());
            assertThat(again.errorMessage()).contains("broker 8");
        }
    }

    @Test
    void anElectionOfAllTellsThoseThatChanged() {
        led("changes", List.of(8, 7), 7);
        led("stays", List.of(7, 8), 7);

        ElectLeadersResponseData told =
                elect(2, new ElectLeadersRequestData().setTopicPartitions(null));

        assertThat(told.replicaElectionResults()).hasSize(1);
        assertThat(told.replicaElectionResults().getFirst().topic()).isEqualTo("changes");
        assertThat(onlyElected(told).errorCode()).isZero();
    }

    @Test
    void anElectionOfNothingElectsNothing() {
        led("changes", List.of(8, 7), 7);

        ElectLeadersResponseData told = elect(2, Requests.electLeaders("changes"));

        assertThat(told.errorCode()).isZero();
        assertThat(kafka.topics.named("changes").partitions().getFirst().leader()).isEqualTo(7);
    }

    @Test
    void anUncleanElectionIsForPartitionsWithoutALeader() {
        led("orders", List.of(9, 7), PartitionImage.NO_LEADER, List.of(9));
        ElectLeadersRequestData unclean =
                Requests.electLeaders("orders", 0).setElectionType((byte) 1);

        assertThat(onlyElected(elect(2, Requests.electLeaders("orders", 0))).errorCode())
                .isEqualTo(ErrorCode.PREFERRED_LEADER_NOT_AVAILABLE.kafkaCode());
        assertThat(onlyElected(elect(2, unclean)).errorCode()).isZero();
        assertThat(kafka.topics.named("orders").partitions().getFirst().leader()).isEqualTo(7);
    }

    private void led(String topic, List<Integer> replicas, int leader) {
        led(topic, replicas, leader, replicas);
    }

    private void led(String topic, List<Integer> replicas, int leader, List<Integer> isr) {
        TopicImage added = kafka.topics.add(topic, 1);
        kafka.topics.byName.put(
                topic,
                new TopicImage(
                        topic,
                        added.id(),
                        List.of(new PartitionImage(0, replicas, isr, leader, 3, 0)),
                        Map.of()));
    }

    private ReassignablePartitionResponse reassign(
            int version, AlterPartitionReassignmentsRequestData request) {
        return kafka.ask(
                        ApiKeys.ALTER_PARTITION_REASSIGNMENTS,
                        version,
                        version == 0 ? request.setAllowReplicationFactorChange(true) : request,
                        new AlterPartitionReassignmentsResponseData())
                .responses()
                .getFirst()
                .partitions()
                .getFirst();
    }

    private OngoingPartitionReassignment onlyOngoing() {
        return list(new ListPartitionReassignmentsRequestData().setTopics(null))
                .topics()
                .getFirst()
                .partitions()
                .getFirst();
    }

    private ListPartitionReassignmentsResponseData list(
            ListPartitionReassignmentsRequestData request) {
        return kafka.ask(
                ApiKeys.LIST_PARTITION_REASSIGNMENTS,
                0,
                request,
                new ListPartitionReassignmentsResponseData());
    }

    private ElectLeadersResponseData elect(int version, ElectLeadersRequestData request) {
        return kafka.ask(ApiKeys.ELECT_LEADERS, version, request, new ElectLeadersResponseData());
    }

    private static PartitionResult onlyElected(ElectLeadersResponseData told) {
        return told.replicaElectionResults().getFirst().partitionResult().getFirst();
    }
}
