package io.mlog.client.why;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlog.model.HostPort;
import io.mlog.model.TopicId;
import io.mlog.model.TopicPartition;
import io.mlog.protocol.DescribeCluster;
import io.mlog.protocol.DescribeGroup;
import io.mlog.protocol.DescribeTopic;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class WhyTest {
    private static final long NOW_MS = 1_000_000;
    private static final TopicPartition P0 = new TopicPartition("orders", 0);
    private static final TopicPartition P1 = new TopicPartition("orders", 1);

    @Test
    void aTopicThatIsWellIsSaidToBeWell() {
        assertThat(
                        Why.topic(
                                topic(2, led("n1", List.of("n1", "n2"), log(10, 10))),
                                cluster(),
                                NOW_MS))
                .containsExactly(
                        "orders has 1 partition with 2 replicas each; every one has its leader and all"
                                + " replicas in sync, and all records are committed.");
    }

    @Test
    void whoHoldsTheHighWatermarkBackIsNamed() {
        DescribeTopic.Log log =
                log(
                        10,
                        15,
                        new DescribeTopic.Follower("n2", true, 5, 4200),
                        new DescribeTopic.Follower("n3", true, 0, 1));

        assertThat(partition(led("n1", List.of("n1", "n2", "n3"), log), cluster("n2", "failed")))
                .anyMatch(line ->
                        line.contains("up to offset 10") && line.contains("5 records above"))
                .anyMatch(line ->
                        line.startsWith(
                                        "n2 holds it back: it counts as in sync, but lacks 5 records")
                                && line.contains("4.2 s ago; its broker is failed"))
                .noneMatch(line -> line.startsWith("n3 holds"));
    }

    @Test
    void theLeadersOwnDiskCanHoldTheHighWatermarkBack() {
        DescribeTopic.Log log =
                new DescribeTopic.Log(
                        0, 10, 15, 10, 1, 1, List.of(), true, Optional.empty(), List.of());

        assertThat(partition(led("n1", List.of("n1"), log), cluster()))
                .anyMatch(line ->
                        line.contains("own disk holds it back: it is flushed up to offset 10"));
    }

    @Test
    void aReplicaThatIsNotInSyncIsExplained() {
        DescribeTopic.Partition partition =
                new DescribeTopic.Partition(
                        0,
                        Optional.of("n1"),
                        Optional.of(HostPort.parse("127.0.0.1:1")),
                        7,
                        List.of("n1", "n2", "n3"),
                        List.of("n1"),
                        Optional.of(
                                log(15, 15, new DescribeTopic.Follower("n3", false, 100, 65_000))));

        assertThat(partition(partition, cluster("n2", "failed")))
                .contains(
                        "In sync: n1, of 3 replicas.",
                        "n2 is not in sync: its broker is failed; it catches up when it is back.",
                        "n3 is not in sync: its broker is up, lacks 100 records and last kept up 1 min ago; it is taken in again once it has caught up.")
                .anyMatch(line ->
                        line.startsWith("min.insync.replicas is 2 and 1 is in sync")
                                && line.contains("until 1 more caught up"));
    }

    @Test
    void aPartitionWithoutALeaderSaysWhoMustComeBack() {
        DescribeTopic.Partition partition =
                new DescribeTopic.Partition(
                        0,
                        Optional.empty(),
                        Optional.empty(),
                        7,
                        List.of("n1", "n2"),
                        List.of("n1"),
                        Optional.empty());

        assertThat(partition(partition, cluster("n1", "failed")))
                .anyMatch(line -> line.startsWith("orders-0 has no leader"))
                .anyMatch(line -> line.contains("n1 (failed)"))
                .anyMatch(line -> line.startsWith("What to do: start n1 again"))
                .anyMatch(line -> line.startsWith("n2 (up) may lack acknowledged records"));
        assertThat(Why.topic(topic(2, partition), cluster("n1", "failed"), NOW_MS))
                .contains("1 partition without a leader: no record can be written there or read.");
    }

    @Test
    void aLeaderThatDoesNotAnswerIsNotCalledWell() {
        DescribeTopic.Partition partition =
                new DescribeTopic.Partition(
                        0,
                        Optional.of("n2"),
                        Optional.of(HostPort.parse("127.0.0.1:2")),
                        7,
                        List.of("n1", "n2"),
                        List.of("n1", "n2"),
                        Optional.empty());

        assertThat(Why.topic(topic(2, partition), cluster(), NOW_MS).getFirst())
                .endsWith("1 of them is not well.");
        assertThat(partition(partition, cluster()))
                .anyMatch(line -> line.startsWith("n2 did not answer"));
    }

    @Test
    void recentRefusalsAreToldAndOldOnesAreNot() {
        DescribeTopic.Log log =
                new DescribeTopic.Log(
                        0,
                        15,
                        15,
                        15,
                        1,
                        1,
                        List.of(),
                        true,
                        Optional.empty(),
                        List.of(
                                new DescribeTopic.Refusals(
                                        "NOT_ENOUGH_REPLICAS", 312, NOW_MS - 400, "too few"),
                                new DescribeTopic.Refusals("DISK_FULL", 1, 0, "full")));

        assertThat(partition(led("n1", List.of("n1"), log), cluster()))
                .contains(
                        "Refused: 312 requests with NOT_ENOUGH_REPLICAS, last 400 ms ago: too few")
                .noneMatch(line -> line.contains("DISK_FULL"));
    }

    @Test
    void aPartitionThatIsNotThereHasNoExplanation() {
        assertThat(
                        Why.partition(
                                topic(1, led("n1", List.of("n1"), log(0, 0))),
                                5,
                                cluster(),
                                NOW_MS))
                .isEmpty();
    }

    @Test
    void aMemberThatDoesNotGetOnIsNamed() {
        DescribeGroup.Response group =
                group(
                        "Stable",
                        List.of(member("m1", P0), member("m2", P1)),
                        List.of(
                                new DescribeGroup.Offset(P0, 5, NOW_MS - 45_000),
                                new DescribeGroup.Offset(P1, 90, NOW_MS - 45_000)),
                        List.of());

        assertThat(Why.group(new GroupOverview(group, Map.of(P0, 1005L, P1, 90L)), NOW_MS))
                .contains("It is 1000 records behind.")
                .anyMatch(line ->
                        line.startsWith(
                                        "client-m1 at 127.0.0.1 (member m1) is 1000 records behind and has committed nothing for 45.0 s")
                                && line.contains("does not poll"))
                .noneMatch(line -> line.startsWith("client-m2") && line.contains("behind"));
    }

    @Test
    void partitionsThatNobodyReadsAndThePastOfAnEmptyGroupAreTold() {
        DescribeGroup.Response group =
                group(
                        "Empty",
                        List.of(),
                        List.of(new DescribeGroup.Offset(P0, 5, NOW_MS - 45_000)),
                        List.of(
                                new DescribeGroup.Event(
                                        NOW_MS - 3000, "EXPIRED", 4, "m1 was removed: silent")));

        assertThat(Why.group(new GroupOverview(group, Map.of(P0, 6L)), NOW_MS))
                .contains(
                        "It has no members, so nobody reads for it; its committed offsets are kept.",
                        "orders-0 is 1 record behind and no member reads it.",
                        "3.0 s ago: m1 was removed: silent");
    }

    @Test
    void lagIsUnknownWhereTheEndOrTheCommitIsUnknown() {
        DescribeGroup.Response group =
                group(
                        "Stable",
                        List.of(member("m1", P0)),
                        List.of(new DescribeGroup.Offset(P1, 5, NOW_MS)),
                        List.of());

        assertThat(new GroupOverview(group, Map.of(P0, 9L)).places())
                .extracting(GroupOverview.Place::partition, GroupOverview.Place::lag)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(P0, OptionalLong.empty()),
                        org.assertj.core.groups.Tuple.tuple(P1, OptionalLong.empty()));
    }

    private static List<String> partition(
            DescribeTopic.Partition partition, DescribeCluster.Response cluster) {
        return Why.partition(topic(partition.replicas().size(), partition), 0, cluster, NOW_MS)
                .orElseThrow();
    }

    private static DescribeTopic.Response topic(
            int replicas, DescribeTopic.Partition... partitions) {
        return new DescribeTopic.Response(
                "orders",
                TopicId.ZERO,
                replicas,
                List.of(new DescribeTopic.Config("min.insync.replicas", Optional.of("2"), "topic")),
                List.of(partitions));
    }

    private static DescribeTopic.Partition led(
            String leader, List<String> replicas, DescribeTopic.Log log) {
        return new DescribeTopic.Partition(
                0,
                Optional.of(leader),
                Optional.of(HostPort.parse("127.0.0.1:1")),
                7,
                replicas,
                replicas,
                Optional.of(log));
    }

    private static DescribeTopic.Log log(
            long highWatermark, long end, DescribeTopic.Follower... followers) {
        return new DescribeTopic.Log(
                0,
                highWatermark,
                end,
                end,
                1,
                1,
                Arrays.asList(followers),
                true,
                Optional.empty(),
                List.of());
    }

    /** Three nodes that are up, but for those given as name and state. */
    private static DescribeCluster.Response cluster(String... states) {
        Map<String, String> other = states.length == 0 ? Map.of() : Map.of(states[0], states[1]);
        return new DescribeCluster.Response(
                "c",
                List.of("n1", "n2", "n3").stream()
                        .map(id ->
                                new DescribeCluster.Node(
                                        id,
                                        1,
                                        HostPort.parse("127.0.0.1:1"),
                                        other.getOrDefault(id, "up"),
                                        "1",
                                        List.of(),
                                        1,
                                        1,
                                        0,
                                        OptionalLong.empty()))
                        .toList(),
                new DescribeCluster.Raft(Optional.of("n1"), 1, List.of("n1")));
    }

    private static DescribeGroup.Response group(
            String state,
            List<DescribeGroup.Member> members,
            List<DescribeGroup.Offset> offsets,
            List<DescribeGroup.Event> events) {
        return new DescribeGroup.Response(
                "billing",
                "n2",
                "consumer",
                state,
                "consumer",
                4,
                "uniform",
                members,
                offsets,
                events);
    }

    private static DescribeGroup.Member member(String id, TopicPartition reads) {
        return new DescribeGroup.Member(
                id, Optional.empty(), "client-" + id, "127.0.0.1", 4, List.of(reads));
    }
}
