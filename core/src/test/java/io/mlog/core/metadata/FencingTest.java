package io.mlog.core.metadata;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlog.core.metadata.MetadataCommand.FenceBroker;
import io.mlog.core.metadata.MetadataCommand.SetTopicConfigs;
import io.mlog.core.metadata.MetadataCommand.UnfenceBroker;
import io.mlog.core.metadata.MetadataCommand.UnregisterBroker;
import io.mlog.model.TopicId;
import io.mlog.model.TopicIdPartition;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What becomes of a partition when brokers come, go, restart and lose their disks. */
class FencingTest {
    private static final Map<String, String> UNCLEAN =
            Map.of(TopicConfigs.UNCLEAN_LEADER_ELECTION, "true");

    /** Three brokers; partition t-0 on 1, 2 and 3, all in sync, led by 1 with epochs 0/0. */
    @ParameterizedTest(name = "{0}: {2}")
    @MethodSource("table")
    void aPartitionFollowsItsBrokers(String what, Consumer<Commands> change, String expected) {
        Commands cluster = Commands.clusterOf(3).withTopic(1, 2, 3);

        change.accept(cluster);

        assertThat(cluster.shown("t", 0)).isEqualTo(expected);
    }

    static Stream<Arguments> table() {
        return Stream.of(
                row("a follower goes", c -> c.fence(2), "1,2,3 isr 1,3 leader 1 epochs 0/1"),
                row("the leader goes", c -> c.fence(1), "1,2,3 isr 2,3 leader 2 epochs 1/1"),
                row("two go", c -> c.fence(1, 2), "1,2,3 isr 3 leader 3 epochs 2/2"),
                row("all go", c -> c.fence(1, 2, 3), "1,2,3 isr 3 leader none epochs 3/3"),
                row(
                        "one that is not the last comes back",
                        c -> {
                            c.fence(1, 2, 3);
                            c.restart(1);
                            c.unfence(1);
                        },
                        "1,2,3 isr 3 leader none epochs 3/3"),
                row(
                        "the last comes back",
                        c -> {
                            c.fence(1, 2, 3);
                            c.restart(3);
                            c.unfence(3);
                        },
                        "1,2,3 isr 3 leader 3 epochs 4/4"),
                row(
                        "the leader restarts before it was missed",
                        c -> c.restart(1),
                        "1,2,3 isr 2,3 leader 2 epochs 1/1"),
                row(
                        "and is no leader when it may lead again",
                        c -> {
                            c.restart(1);
                            c.unfence(1);
                        },
                        "1,2,3 isr 2,3 leader 2 epochs 1/1"),
                row("a follower restarts", c -> c.restart(3), "1,2,3 isr 1,2 leader 1 epochs 0/1"),
                row(
                        "all restart at once",
                        c -> {
                            c.restart(1);
                            c.restart(2);
                            c.restart(3);
                            c.unfence(1, 2, 3);
                        },
                        "1,2,3 isr 3 leader 3 epochs 4/4"),
                row(
                        "the last restarts twice before it may lead",
                        c -> {
                            c.fence(1, 2);
                            c.restart(3);
                            c.restart(3);
                        },
                        "1,2,3 isr 3 leader none epochs 3/3"),
                row(
                        "a follower loses its disk",
                        c -> {
                            c.restartOn(3, "new");
                            c.unfence(3);
                        },
                        "1,2,3 isr 1,2 leader 1 epochs 0/1"),
                row(
                        "the last loses its disk",
                        c -> {
                            c.fence(1, 2);
                            c.restartOn(3, "new");
                            c.unfence(3);
                        },
                        "1,2,3 isr 3 leader none epochs 3/3 lost dir-of-node-3"),
                row(
                        "nor does another one lead then",
                        c -> {
                            c.fence(1, 2);
                            c.restartOn(3, "new");
                            c.restart(1);
                            c.unfence(3, 1);
                        },
                        "1,2,3 isr 3 leader none epochs 3/3 lost dir-of-node-3"),
                row(
                        "the last loses its disk twice",
                        c -> {
                            c.fence(1, 2);
                            c.restartOn(3, "new");
                            c.restartOn(3, "newer");
                            c.unfence(3);
                        },
                        "1,2,3 isr 3 leader none epochs 3/3 lost dir-of-node-3"),
                row(
                        "the disk of the last is found again",
                        c -> {
                            c.fence(1, 2);
                            c.restartOn(3, "new");
                            c.unfence(3);
                            c.restartOn(3, "dir-of-node-3");
                            c.unfence(3);
                        },
                        "1,2,3 isr 3 leader 3 epochs 4/5"),
                row(
                        "a follower shuts down",
                        c -> assertThat(c.shutDown(2)).isZero(),
                        "1,2,3 isr 1,3 leader 1 epochs 0/1"),
                row(
                        "the leader shuts down",
                        c -> assertThat(c.shutDown(1)).isZero(),
                        "1,2,3 isr 2,3 leader 2 epochs 1/1"),
                row(
                        "the last shuts down",
                        c -> {
                            c.fence(1, 3);
                            assertThat(c.shutDown(2)).isOne();
                        },
                        "1,2,3 isr 2 leader 2 epochs 1/2"),
                row(
                        "another is in sync with the one that shuts down",
                        c -> {
                            c.fence(1, 3);
                            c.shutDown(2);
                            c.restart(3);
                            c.unfence(3);
                            c.inSync("t", 0, 2, 3);
                        },
                        "1,2,3 isr 2,3 leader 3 epochs 2/3"),
                row(
                        "a suspect replica comes",
                        c -> c.done(new UnfenceBroker(2, 1, List.of(c.id("t", 0)))),
                        "1,2,3 isr 1,3 leader 1 epochs 0/1"),
                row(
                        "a suspect replica that leads comes",
                        c -> c.done(new UnfenceBroker(1, 1, List.of(c.id("t", 0)))),
                        "1,2,3 isr 2,3 leader 2 epochs 1/1"),
                row(
                        "a suspect replica is the last",
                        c -> {
                            c.fence(1, 2, 3);
                            c.done(new UnfenceBroker(3, 1, List.of(c.id("t", 0))));
                        },
                        "1,2,3 isr 3 leader 3 epochs 4/4"),
                row(
                        "suspects of other topics",
                        c -> c.done(new UnfenceBroker(2, 1, elsewhere(c))),
                        "1,2,3 isr 1,2,3 leader 1 epochs 0/0"));
    }

    private static List<TopicIdPartition> elsewhere(Commands cluster) {
        return List.of(
                new TopicIdPartition(new TopicId(1, 1), 0),
                new TopicIdPartition(cluster.topic("t").id(), 1));
    }

    private static Arguments row(String what, Consumer<Commands> change, String expected) {
        return Arguments.of(what, change, expected);
    }

    /** The same with a topic that lets anybody lead. */
    @ParameterizedTest(name = "{0}: {2}")
    @MethodSource("uncleanTable")
    void whereTheTopicAllowsItAnyLiveReplicaLeads(
            String what, Consumer<Commands> change, String expected) {
        Commands cluster = Commands.clusterOf(3).withTopic(UNCLEAN, 1, 2, 3);
        cluster.inSync("t", 0, 1);

        change.accept(cluster);

        assertThat(cluster.shown("t", 0)).isEqualTo(expected);
    }

    static Stream<Arguments> uncleanTable() {
        return Stream.of(
                row("the last goes", c -> c.fence(1), "1,2,3 isr 2 leader 2 epochs 1/2"),
                row("its restart", c -> c.restart(1), "1,2,3 isr 2 leader 2 epochs 1/2"),
                row("all go", c -> c.fence(2, 3, 1), "1,2,3 isr 1 leader none epochs 1/2"),
                row(
                        "any comes back",
                        c -> {
                            c.fence(2, 3, 1);
                            c.unfence(3);
                        },
                        "1,2,3 isr 3 leader 3 epochs 2/3"),
                row(
                        "the wiped one only for want of others",
                        c -> {
                            c.fence(2, 3);
                            c.restartOn(1, "new");
                            c.unfence(1);
                        },
                        "1,2,3 isr 1 leader 1 epochs 2/3"),
                row(
                        "nobody who shuts down",
                        c -> {
                            c.fence(3);
                            c.shutDown(2);
                            c.fence(1);
                        },
                        "1,2,3 isr 1 leader none epochs 1/2"));
    }

    @Test
    void aTopicWithoutALeaderGetsOneOnceItAllowsAny() {
        Commands cluster = Commands.clusterOf(2).withTopic(1, 2);
        cluster.inSync("t", 0, 1);
        cluster.fence(1);
        assertThat(cluster.shown("t", 0)).isEqualTo("1,2 isr 1 leader none epochs 1/2");

        cluster.done(
                new SetTopicConfigs(
                        "t",
                        List.of(new ConfigEdit.Put(TopicConfigs.UNCLEAN_LEADER_ELECTION, "true"))));

        assertThat(cluster.shown("t", 0)).isEqualTo("1,2 isr 2 leader 2 epochs 2/3");
    }

    @Test
    void aBrokerIsFencedFromItsRegistrationUntilItIsUnfenced() {
        Commands cluster = Commands.clusterOf(1);
        int id = cluster.register(Commands.broker("node-2", 7, null));
        assertThat(cluster.broker(id).fenced()).isTrue();

        cluster.unfence(id);
        assertThat(cluster.broker(id).active()).isTrue();

        cluster.shutDown(id);
        cluster.fence(id);
        BrokerImage gone = cluster.broker(id);
        assertThat(gone.fenced() && gone.shuttingDown()).isTrue();

        cluster.restart(id);
        BrokerImage back = cluster.broker(id);
        assertThat(back.fenced()).isTrue();
        assertThat(back.shuttingDown()).isFalse();
        assertThat(back.bootEpoch()).isEqualTo(8);
    }

    @Test
    void commandsMayBeRepeated() {
        Commands cluster = Commands.clusterOf(3).withTopic(1, 2, 3);
        cluster.fence(2);
        MetadataImage fenced = cluster.image();
        cluster.fence(2);
        assertSame(fenced, cluster.image());

        cluster.unfence(2);
        MetadataImage unfenced = cluster.image();
        cluster.unfence(2);
        assertSame(unfenced, cluster.image());

        cluster.shutDown(2);
        MetadataImage shuttingDown = cluster.image();
        cluster.shutDown(2);
        assertSame(shuttingDown, cluster.image());
    }

    private static void assertSame(MetadataImage before, MetadataImage after) {
        assertThat(after).isEqualTo(before.stepped(after.appliedIndex()));
    }

    @Test
    void aForgottenBrokersNumberIsNotGivenAgain() {
        Commands cluster = Commands.clusterOf(2);
        cluster.fence(2);
        cluster.done(new UnregisterBroker(2));
        assertThat(cluster.image().brokers()).containsOnlyKeys(1);

        assertThat(cluster.register(Commands.broker("node-2", 9, null))).isEqualTo(3);
    }

    @Test
    void newTopicsGoToActiveBrokersIfThereAreEnough() {
        Commands cluster = Commands.clusterOf(4);
        cluster.fence(1);
        cluster.shutDown(2);

        cluster.done(cluster.topic("t", 6, 2));
        assertThat(cluster.topic("t").partitions())
                .allSatisfy(p -> assertThat(p.replicas()).containsExactlyInAnyOrder(3, 4));
        cluster.done(cluster.topic("given", -1, -1, List.of(List.of(1, 2, 3)), Map.of()));
        assertThat(cluster.shown("given", 0)).isEqualTo("1,2,3 isr 3 leader 3 epochs 0/0");
        cluster.done(cluster.topic("more", 6, 3));
        assertThat(cluster.topic("more").partitions())
                .allSatisfy(p -> {
                    assertThat(p.replicas().subList(0, 2)).containsExactlyInAnyOrder(3, 4);
                    assertThat(p.replicas().getLast()).isIn(1, 2);
                    assertThat(p.isr()).isEqualTo(p.replicas().subList(0, 2));
                    assertThat(p.leader()).isEqualTo(p.replicas().getFirst());
                });
        assertThat(cluster.topic("more").partitions())
                .extracting(p -> p.replicas().getLast())
                .containsExactlyInAnyOrder(1, 1, 1, 2, 2, 2);
        assertThat(cluster.refused(cluster.topic("most", 1, 5)).message())
                .contains("5 replicas", "1 to 4 are possible with 2 live brokers and 2 away");
        assertThat(
                        cluster.refused(
                                        cluster.topic(
                                                "gone", -1, -1, List.of(List.of(1, 2)), Map.of()))
                                .message())
                .contains("no broker of the assignment [1, 2] is alive");
    }

    @Test
    void fencingABrokerOfAThousandPartitionsIsCheap() {
        Commands cluster = Commands.clusterOf(3);
        for (int i = 0; i < 1000; i++) {
            cluster.done(cluster.topic("topic-" + i, 1, 3));
        }
        FenceBroker command = new FenceBroker(1, cluster.boot(1));
        long best = Long.MAX_VALUE;
        for (int round = 0; round < 20; round++) {
            long start = System.nanoTime();
            MetadataMachine.preview(cluster.image(), command);
            best = Math.min(best, System.nanoTime() - start);
        }
        assertThat(best).as("ns, the best of 20 rounds").isLessThan(50_000_000L);
        cluster.done(command);
        assertThat(cluster.image().topicsInOrder())
                .allSatisfy(topic ->
                        assertThat(topic.partitions().getFirst().isr())
                                .containsExactlyInAnyOrder(2, 3));
    }
}
