package io.mlog.core.metadata;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlog.core.metadata.CommandResult.Refused;
import io.mlog.core.metadata.MetadataCommand.AllocateProducerIds;
import io.mlog.core.metadata.MetadataCommand.BeginShutdown;
import io.mlog.core.metadata.MetadataCommand.ChangePartitions;
import io.mlog.core.metadata.MetadataCommand.CreateCluster;
import io.mlog.core.metadata.MetadataCommand.CreatePartitions;
import io.mlog.core.metadata.MetadataCommand.CreateTopic;
import io.mlog.core.metadata.MetadataCommand.DeleteTopic;
import io.mlog.core.metadata.MetadataCommand.ElectLeaders;
import io.mlog.core.metadata.MetadataCommand.Election;
import io.mlog.core.metadata.MetadataCommand.FenceBroker;
import io.mlog.core.metadata.MetadataCommand.ReassignPartitions;
import io.mlog.core.metadata.MetadataCommand.RegisterBroker;
import io.mlog.core.metadata.MetadataCommand.ReplaceTopicConfigs;
import io.mlog.core.metadata.MetadataCommand.SetTopicConfigs;
import io.mlog.core.metadata.MetadataCommand.UnfenceBroker;
import io.mlog.core.metadata.MetadataCommand.UnregisterBroker;
import io.mlog.model.ErrorCode;
import io.mlog.model.HostPort;
import io.mlog.model.TopicId;
import io.mlog.model.TopicPartition;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every refusal of the machine, with its code and the values in its sentence. */
class RefusalsTest {
    private static final TopicId FREE = new TopicId(9, 9);
    private static final TopicId TAKEN = new TopicId(7, 100);
    private static final TopicPartition ORDERS_0 = new TopicPartition("orders", 0);

    /** Two brokers and a topic {@code orders} of 2 partitions, id {@link #TAKEN}. */
    @ParameterizedTest(name = "{0} {1}: {2}")
    @MethodSource("table")
    void refusesWithTheValues(ErrorCode code, String message, MetadataCommand command) {
        Commands cluster = Commands.clusterOf(2);
        cluster.done(cluster.topic("orders", 2, 2));

        Refused refused = cluster.refused(command);

        assertThat(refused.message()).contains(message);
        assertThat(refused.code()).isEqualTo(code);
        assertThat(MetadataMachine.preview(cluster.image(), command)).isEqualTo(refused);
    }

    static Stream<Arguments> table() {
        return Stream.of(
                row(ErrorCode.INVALID_REQUEST, "already cluster c-1", new CreateCluster("other")),
                row(ErrorCode.INVALID_REQUEST, "cluster id has 0", new CreateCluster("")),
                row(
                        ErrorCode.INVALID_REQUEST,
                        "boot epoch 1 but is registered with 1",
                        Commands.broker("node-1", 1, null)),
                row(
                        ErrorCode.INVALID_REQUEST,
                        "Raft host has 256",
                        new RegisterBroker(
                                "node-3",
                                "d",
                                1,
                                null,
                                new HostPort("h", 1),
                                new HostPort("h".repeat(256), 1),
                                null,
                                "0.1.0")),
                row(
                        ErrorCode.STALE_BROKER_EPOCH,
                        "broker 2 (node-2) is registered with boot epoch 1, not with 2",
                        new FenceBroker(2, 2)),
                row(
                        ErrorCode.BROKER_ID_NOT_REGISTERED,
                        "no broker has the id 3; there are [1, 2]",
                        new FenceBroker(3, 1)),
                row(
                        ErrorCode.STALE_BROKER_EPOCH,
                        "boot epoch 1, not with 0",
                        new UnfenceBroker(1, 0, List.of())),
                row(
                        ErrorCode.BROKER_ID_NOT_REGISTERED,
                        "the id 0",
                        new UnfenceBroker(0, 1, List.of())),
                row(
                        ErrorCode.STALE_BROKER_EPOCH,
                        "boot epoch 1, not with 3",
                        new BeginShutdown(1, 3)),
                row(ErrorCode.BROKER_ID_NOT_REGISTERED, "the id 9", new BeginShutdown(9, 1)),
                row(ErrorCode.BROKER_ID_NOT_REGISTERED, "the id 9", new UnregisterBroker(9)),
                row(
                        ErrorCode.INVALID_REQUEST,
                        "broker 1 (node-1) is alive in boot 1: only a fenced one",
                        new UnregisterBroker(1)),
                row(
                        ErrorCode.STALE_BROKER_EPOCH,
                        "boot epoch 1, not with 2",
                        new ChangePartitions(1, 2, List.of())),
                row(
                        ErrorCode.BROKER_ID_NOT_REGISTERED,
                        "the id 9",
                        new ChangePartitions(9, 1, List.of())),
                row(
                        ErrorCode.INVALID_REQUEST,
                        "1 to 10000 partitions can be changed at once, 0 were asked for",
                        new ChangePartitions(1, 1, List.of())),
                row(
                        ErrorCode.INVALID_REQUEST,
                        "0 were asked for",
                        new ElectLeaders(Election.PREFERRED, List.of(), 0)),
                row(
                        ErrorCode.INVALID_REQUEST,
                        "10001 were asked for",
                        new ElectLeaders(Election.UNCLEAN, List.of(), 10_001)),
                row(
                        ErrorCode.INVALID_REQUEST,
                        "10001 were asked for",
                        new ElectLeaders(
                                Election.PREFERRED, Collections.nCopies(10_001, ORDERS_0), 1)),
                row(
                        ErrorCode.INVALID_REQUEST,
                        "0 were asked for",
                        new ReassignPartitions(List.of())),
                row(ErrorCode.INVALID_REQUEST, "node id has 256", broker("x".repeat(256))),
                row(ErrorCode.INVALID_REQUEST, "node id has 0", broker("")),
                row(ErrorCode.INVALID_TOPIC, "'a/b'", topic("a/b", 1, 1)),
                row(ErrorCode.TOPIC_ALREADY_EXISTS, "with 2 partitions", topic("orders", 1, 1)),
                row(ErrorCode.INVALID_REQUEST, "is not free", topic(TAKEN)),
                row(ErrorCode.INVALID_REQUEST, "is not free", topic(TopicId.ZERO)),
                row(ErrorCode.INVALID_PARTITIONS, "0 were asked for", topic("t", 0, 1)),
                row(ErrorCode.INVALID_PARTITIONS, "10001 were", topic("t", 10_001, 1)),
                row(
                        ErrorCode.INVALID_REPLICATION_FACTOR,
                        "3 replicas of each partition were asked for; 1 to 2 are possible with 2",
                        topic("t", 1, 3)),
                row(ErrorCode.INVALID_REPLICATION_FACTOR, "0 replicas", topic("t", 1, 0)),
                row(
                        ErrorCode.INVALID_REPLICA_ASSIGNMENT,
                        "2 partitions were asked for and 1 assigned",
                        assigned(2, -1, List.of(List.of(1)))),
                row(
                        ErrorCode.INVALID_REPLICA_ASSIGNMENT,
                        "[1] has 1 brokers, every partition of the topic has 2",
                        assigned(-1, -1, List.of(List.of(2, 1), List.of(1)))),
                row(
                        ErrorCode.INVALID_REPLICA_ASSIGNMENT,
                        "[1, 1] names a broker twice",
                        assigned(-1, -1, List.of(List.of(1, 1)))),
                row(
                        ErrorCode.INVALID_REPLICA_ASSIGNMENT,
                        "names broker 8; there are [1, 2]",
                        assigned(-1, -1, List.of(List.of(1, 8)))),
                row(
                        ErrorCode.INVALID_REPLICATION_FACTOR,
                        "0 were assigned",
                        assigned(-1, -1, List.of(List.of()))),
                row(
                        ErrorCode.INVALID_CONFIG,
                        "'retention' is not a topic config; there are cleanup.policy,",
                        configured(Map.of("retention", "1"))),
                row(
                        ErrorCode.INVALID_CONFIG,
                        "min.insync.replicas is 2 and the topic has 1 replicas",
                        configured(Map.of("min.insync.replicas", "2"))),
                row(
                        ErrorCode.UNKNOWN_TOPIC_OR_PARTITION,
                        "'nope' does not exist",
                        new DeleteTopic("nope", TopicId.ZERO)),
                row(ErrorCode.UNKNOWN_TOPIC_ID, FREE.toString(), new DeleteTopic("orders", FREE)),
                row(
                        ErrorCode.INVALID_PARTITIONS,
                        "has 2 partitions; their number can only grow, 2 was asked for",
                        new CreatePartitions("orders", 2, List.of())),
                row(
                        ErrorCode.INVALID_PARTITIONS,
                        "1 to 10000 partitions, 10001 were",
                        new CreatePartitions("orders", 10_001, List.of())),
                row(
                        ErrorCode.UNKNOWN_TOPIC_OR_PARTITION,
                        "'nope'",
                        new CreatePartitions("nope", 2, List.of())),
                row(
                        ErrorCode.INVALID_REPLICA_ASSIGNMENT,
                        "1 partitions were asked for and 2 assigned",
                        new CreatePartitions("orders", 3, List.of(List.of(1, 2), List.of(1, 2)))),
                row(
                        ErrorCode.INVALID_CONFIG,
                        "segment.bytes is '12', allowed is 1024 to",
                        edit(new ConfigEdit.Put("segment.bytes", "12"))),
                row(
                        ErrorCode.INVALID_CONFIG,
                        "segment.ms is 'x'",
                        edit(new ConfigEdit.Put("segment.ms", "x"))),
                row(
                        ErrorCode.INVALID_CONFIG,
                        "cleanup.policy is 'shred'",
                        edit(new ConfigEdit.Append("cleanup.policy", "shred"))),
                row(
                        ErrorCode.INVALID_CONFIG,
                        "cleanup.policy is ''",
                        edit(new ConfigEdit.Subtract("cleanup.policy", "delete"))),
                row(
                        ErrorCode.INVALID_CONFIG,
                        "flush is not a list",
                        edit(new ConfigEdit.Append("flush", "os"))),
                row(
                        ErrorCode.INVALID_CONFIG,
                        "only producer is supported: batches are stored as",
                        edit(new ConfigEdit.Put("compression.type", "gzip"))),
                row(
                        ErrorCode.INVALID_CONFIG,
                        "is 'yes', allowed is true or false",
                        edit(new ConfigEdit.Put("unclean.leader.election.enable", "yes"))),
                row(
                        ErrorCode.INVALID_CONFIG,
                        "'no.such' is not a topic config",
                        edit(new ConfigEdit.Reset("no.such"))),
                row(
                        ErrorCode.INVALID_CONFIG,
                        "has 4097 characters",
                        edit(new ConfigEdit.Put("flush", "o".repeat(4097)))),
                row(
                        ErrorCode.INVALID_CONFIG,
                        "min.insync.replicas is 3 and the topic has 2",
                        new ReplaceTopicConfigs("orders", Map.of("min.insync.replicas", "3"))),
                row(
                        ErrorCode.UNKNOWN_TOPIC_OR_PARTITION,
                        "'nope'",
                        new ReplaceTopicConfigs("nope", Map.of())),
                row(ErrorCode.INVALID_REQUEST, "0 were asked for", new AllocateProducerIds(0)),
                row(ErrorCode.INVALID_REQUEST, "1 to 1000000", new AllocateProducerIds(1_000_001)));
    }

    @Test
    void aBrokerThatHoldsReplicasIsNotForgotten() {
        Commands cluster = Commands.clusterOf(2);
        cluster.done(cluster.topic("orders", 2, 2));
        cluster.fence(2);

        Refused refused = cluster.refused(new UnregisterBroker(2));

        assertThat(refused.message())
                .contains("broker 2 (node-2) holds replicas of 2 partitions, orders-0 the first");
        assertThat(refused.code()).isEqualTo(ErrorCode.INVALID_REQUEST);
    }

    @Test
    void aBootThatShutsDownMayNotLeadAgain() {
        Commands cluster = Commands.clusterOf(2);
        cluster.fence(2);
        cluster.shutDown(2);

        Refused refused = cluster.refused(new UnfenceBroker(2, 1, List.of()));

        assertThat(refused.message()).contains("broker 2 (node-2) is shutting down in boot 1");
        assertThat(refused.code()).isEqualTo(ErrorCode.INVALID_REQUEST);
    }

    private static Arguments row(ErrorCode code, String message, MetadataCommand command) {
        return Arguments.of(code, message, command);
    }

    private static RegisterBroker broker(String nodeId) {
        return Commands.broker(nodeId, 9, null);
    }

    private static CreateTopic topic(String name, int partitions, int replicas) {
        return new CreateTopic(name, FREE, partitions, replicas, List.of(), Map.of());
    }

    private static CreateTopic topic(TopicId id) {
        return new CreateTopic("t", id, 1, 1, List.of(), Map.of());
    }

    private static CreateTopic assigned(
            int partitions, int replicas, List<List<Integer>> assignments) {
        return new CreateTopic("t", FREE, partitions, replicas, assignments, Map.of());
    }

    private static CreateTopic configured(Map<String, String> configs) {
        return new CreateTopic("t", FREE, 1, 1, List.of(), configs);
    }

    private static SetTopicConfigs edit(ConfigEdit edit) {
        return new SetTopicConfigs(
                "orders", List.of(new ConfigEdit.Put("retention.ms", "5"), edit));
    }
}
