package io.mlog.broker.life;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlog.broker.replica.RealTimer;
import io.mlog.broker.topics.InMemoryMetadataLog;
import io.mlog.core.controller.WatchTimes;
import io.mlog.core.metadata.CommandResult;
import io.mlog.core.metadata.MetadataCommand;
import io.mlog.core.metadata.PartitionImage;
import io.mlog.model.HostPort;
import io.mlog.model.PeerId;
import io.mlog.model.TopicId;
import io.mlog.model.TopicPartition;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The controller of node-1 in a cluster of three brokers, on a log in memory. */
final class ControllerTest {
    private static final PeerId NODE_1 = new PeerId("node-1", "dir-1");
    private static final PeerId NODE_2 = new PeerId("node-2", "dir-2");
    private static final PeerId NODE_3 = new PeerId("node-3", "dir-3");
    private static final TopicPartition ORDERS = new TopicPartition("orders", 0);

    private final InMemoryMetadataLog log = new InMemoryMetadataLog(image -> {});
    private final FakeQuorum quorum = new FakeQuorum(NODE_1);
    private final Set<HostPort> dead = ConcurrentHashMap.newKeySet();
    private final List<HostPort> probed = new CopyOnWriteArrayList<>();
    private final RealTimer timer = new RealTimer();
    private final Controller controller =
            new Controller(
                    log,
                    quorum,
                    this::probe,
                    new WatchTimes(1000, 5, 200),
                    () -> System.nanoTime() / 1_000_000,
                    timer);

    private void probe(HostPort address, Consumer<Boolean> done) {
        probed.add(address);
        done.accept(dead.contains(address));
    }

    @BeforeEach
    void threeBrokers() {
        submit(new MetadataCommand.CreateCluster("c1"));
        for (int id = 1; id <= 3; id++) {
            submit(
                    new MetadataCommand.RegisterBroker(
                            "node-" + id, "dir-" + id, 100, null, rpc(id), raft(id), null, "1"));
            submit(new MetadataCommand.UnfenceBroker(id, 100, List.of()));
        }
        submit(
                new MetadataCommand.CreateTopic(
                        "orders", new TopicId(1, 1), 1, 3, List.of(List.of(2, 3, 1)), Map.of()));
        quorum.silent(NODE_2, 0);
        quorum.silent(NODE_3, 0);
    }

    @AfterEach
    void end() {
        controller.close();
        timer.close();
        assertThat(timer.failures()).isEmpty();
    }

    @Test
    void aDeadLeaderIsFencedWhenItsConnectionBreaks() {
        controller.leadershipChanged(quorum.lead(2));
        until(() -> Set.copyOf(probed).equals(Set.of(rpc(2), rpc(3))));
        dead.add(rpc(2));
        controller.connectionLost(NODE_2);

        until(() -> fenced(2));
        assertThat(partition().leader()).isEqualTo(3);
        assertThat(partition().isr()).containsExactly(3, 1);
        assertThat(fenced(3)).isFalse();
    }

    @Test
    void aNewControllerFindsWhoDiedWithTheOldOne() {
        dead.add(rpc(3));
        controller.leadershipChanged(quorum.lead(2));

        until(() -> fenced(3));
        assertThat(fenced(2)).isFalse();
    }

    @Test
    void whoIsSilentForTheSessionIsFencedThoughItsAddressAnswers() {
        controller.leadershipChanged(quorum.lead(2));
        quorum.silent(NODE_2, 5000);

        until(() -> fenced(2));
        assertThat(fenced(3)).isFalse();
    }

    @Test
    void aNodeThatDoesNotLeadFencesNobody() {
        dead.add(rpc(2));
        controller.leadershipChanged(quorum.follow(2));
        controller.connectionLost(NODE_2);
        controller.nodeSuspected("node-2");
        controller.hint(2);
        // It leads at last: everything handed to it before has been taken by then.
        dead.clear();
        controller.leadershipChanged(quorum.lead(3));

        until(() -> probed.contains(rpc(3)));
        assertThat(fenced(2)).isFalse();
        assertThat(probed).doesNotHaveDuplicates();
    }

    @Test
    void aPeerOfAnotherDirectoryIsNotTheBroker() {
        controller.leadershipChanged(quorum.lead(2));
        until(() -> Set.copyOf(probed).equals(Set.of(rpc(2), rpc(3))));
        dead.add(rpc(2));
        controller.connectionLost(new PeerId("node-2", "dir-of-old"));
        controller.connectionLost(NODE_3);

        until(() -> probed.size() >= 3);
        assertThat(fenced(2)).isFalse();
        assertThat(fenced(3)).isFalse();
    }

    private static void until(BooleanSupplier condition) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("waited 30 s").isLessThan(deadline);
            LockSupport.parkNanos(1_000_000);
        }
    }

    private boolean fenced(int broker) {
        return Objects.requireNonNull(log.image().brokers().get(broker)).fenced();
    }

    private PartitionImage partition() {
        return log.image().partition(ORDERS).orElseThrow();
    }

    private void submit(MetadataCommand command) {
        assertThat(log.submit(command).join()).isInstanceOf(CommandResult.Done.class);
    }

    private static HostPort rpc(int id) {
        return new HostPort("127.0.0.1", 9000 + id);
    }

    private static HostPort raft(int id) {
        return new HostPort("127.0.0.1", 8000 + id);
    }
}
