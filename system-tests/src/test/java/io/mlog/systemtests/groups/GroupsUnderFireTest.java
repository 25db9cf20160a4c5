package io.mlog.systemtests.groups;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlog.systemtests.harness.Await;
import io.mlog.systemtests.harness.ClusterProcesses;
import io.mlog.systemtests.harness.KafkaClients;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Groups of Kafka's Java consumers under load on three brokers, while members die, leave and come,
 * and while their coordinator is killed.
 */
class GroupsUnderFireTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    /** Once the coordinator knows who has come or gone; of a killed member it hears by silence. */
    private static final Duration SETTLES_WITHIN = Duration.ofSeconds(3);

    private static final int NODES = 3;
    private static final int PARTITIONS = 24;
    private static final int MEMBERS = 8;

    @TempDir private Path folder;
    private ClusterProcesses cluster;

    @BeforeEach
    void startCluster() throws Exception {
        cluster = ClusterProcesses.in(folder, NODES);
        cluster.start();
    }

    @AfterEach
    void endCluster() {
        cluster.close();
    }

    @Test
    @Timeout(240)
    void killedMembersAndACoordinatorKilledLoseNothingAndDoubleNobody() throws Exception {
        try (GroupScene scene = scene("short", Protocol.KIP_848, 500)) {
            for (int i = 0; i < 3; i++) {
                scene.add();
            }
            scene.settle(LIMIT);
            scene.retire(scene.members().getFirst());
            scene.add();
            System.out.printf("one left and one came: settled in %s%n", scene.settle(LIMIT));
            killCoordinator(scene);
            scene.judge();
            System.out.println(scene);
        }
    }

    @ParameterizedTest
    @EnumSource(Protocol.class)
    @Tag("slow")
    @Timeout(900)
    void eightMembersThatDieAndComeForFiveMinutes(Protocol protocol) throws Exception {
        Random random = new Random(848);
        List<Duration> afterKill = new ArrayList<>();
        List<Duration> afterChange = new ArrayList<>();
        try (GroupScene scene = scene("long", protocol, 2000)) {
            for (int i = 0; i < MEMBERS; i++) {
                scene.add();
            }
            scene.settle(LIMIT);
            long end = System.nanoTime() + Duration.ofMinutes(5).toNanos();
            while (System.nanoTime() < end) {
                Member member = scene.members().get(random.nextInt(MEMBERS));
                if (random.nextBoolean()) {
                    scene.kill(member);
                    afterKill.add(scene.settle(LIMIT.multipliedBy(2)));
                } else {
                    scene.retire(member);
                    afterChange.add(scene.settle(LIMIT));
                }
                scene.add();
                afterChange.add(scene.settle(LIMIT));
            }
            scene.judge();
            System.out.printf(
                    "%s: %s%nsettled after a member was killed: %s%nafter one left or came: %s%n",
                    protocol, scene, times(afterKill), times(afterChange));
            assertThat(Collections.max(afterChange)).isLessThanOrEqualTo(SETTLES_WITHIN);
            assertThat(Collections.max(afterKill))
                    .isLessThanOrEqualTo(protocol.sessionTimeout().plus(SETTLES_WITHIN));
        }
    }

    @Test
    @Tag("slow")
    @Timeout(600)
    void tenKilledCoordinatorsLeaveTheirGroupsAlone() throws Exception {
        try (GroupScene scene = scene("coordinator", Protocol.KIP_848, 500)) {
            for (int i = 0; i < 3; i++) {
                scene.add();
            }
            scene.settle(LIMIT);
            for (int i = 0; i < 10; i++) {
                killCoordinator(scene);
            }
            scene.judge();
            System.out.println(scene);
        }
    }

    private GroupScene scene(String name, Protocol protocol, int perSecond) throws Exception {
        return new GroupScene(cluster.addresses(), name, PARTITIONS, NODES, protocol, perSecond);
    }

    /** The consumers go on within 5 s, no partition moves, and the broker comes back. */
    private void killCoordinator(GroupScene scene) throws Exception {
        int node = coordinator(scene.group());
        int before = scene.members().stream().mapToInt(Member::rebalances).sum();
        long killed = System.nanoTime();
        cluster.node(node).kill9();
        Await.until(
                LIMIT,
                "every partition to be processed again",
                () -> scene.processed().movedSince(killed + 1_000_000_000L) == PARTITIONS);
        Duration pause = Duration.ofNanos(System.nanoTime() - killed);
        assertThat(pause).isLessThan(Duration.ofSeconds(5));
        int now = coordinator(scene.group());
        assertThat(now).isNotEqualTo(node);
        assertThat(scene.members().stream().mapToInt(Member::rebalances).sum()).isEqualTo(before);
        System.out.printf(
                "coordinator node-%d killed: every partition processed again after %d ms at most, node-%d coordinates%n",
                node, pause.toMillis(), now);
        cluster.startAgain(List.of(node));
        cluster.awaitInSync(now, "__consumer_offsets", NODES);
    }

    private int coordinator(String group) throws Exception {
        int[] found = {-1};
        Await.until(
                LIMIT,
                "a coordinator of " + group,
                () -> {
                    try (Admin admin = KafkaClients.admin(cluster.addresses())) {
                        found[0] =
                                admin.describeConsumerGroups(List.of(group))
                                        .describedGroups()
                                        .values()
                                        .iterator()
                                        .next()
                                        .get()
                                        .coordinator()
                                        .port();
                    }
                    return true;
                });
        for (int node = 1; node <= NODES; node++) {
            if (cluster.node(node).rpcPort() == found[0]) {
                return node;
            }
        }
        throw new AssertionError("no node has port " + found[0]);
    }

    private static String times(List<Duration> all) {
        if (all.isEmpty()) {
            return "none";
        }
        List<Duration> sorted = new ArrayList<>(all);
        Collections.sort(sorted);
        return "%d times, median %d ms, worst %d ms"
                .formatted(
                        sorted.size(),
                        sorted.get(sorted.size() / 2).toMillis(),
                        sorted.getLast().toMillis());
    }
}
