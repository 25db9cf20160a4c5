package io.mlog.broker.groups;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlog.groups.CoordinatorLogs;
import io.mlog.groups.GroupCoordination;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class LocalCoordinatorTest {
    private final FakeLogs logs = new FakeLogs();
    private final Images images = new Images();
    private final FakeCoordination coordination = new FakeCoordination();
    private int starts;
    private final Turns turns = new Turns();
    private final LocalCoordinator local =
            new LocalCoordinator(
                    logs,
                    this::start,
                    turns,
                    bug -> {
                        throw new AssertionError(bug);
                    });

    private GroupCoordination start(CoordinatorLogs given) {
        assertThat(given).isSameAs(logs);
        starts++;
        return coordination;
    }

    private void acted(Images next) {
        local.acted(next.image());
        turns.run();
    }

    @Test
    void nothingIsStartedBeforeThisBrokerLeads() {
        acted(images);
        acted(images.offsets(1, 2, 2));
        logs.follows(0);
        acted(images.topic("orders", List.of(Images.partition(0, 1, 0))));

        assertThat(turns.taken).isZero();
        assertThat(local.running().join()).isEmpty();
    }

    @Test
    void theCoordinatorHearsOfTheTopicsBeforeItLeads() {
        logs.leads(1, 4);
        acted(images.offsets(4, 2, 1));

        assertThat(starts).isEqualTo(1);
        assertThat(coordination.told)
                .containsExactly("topics [__consumer_offsets]", "leads 1 in 4");
        assertThat(local.running().join()).contains(coordination);
    }

    @Test
    void whoAsksWhileItStartsWaitsForThat() {
        logs.leads(0, 1);
        local.acted(images.offsets(1, 1).image());
        CompletableFuture<Optional<GroupCoordination>> asked = local.running();
        assertThat(asked).isNotDone();

        turns.run();

        assertThat(asked.join()).contains(coordination);
    }

    @Test
    void aLeadershipLostAndWonAgainBetweenTwoTurnsIsEndedAndBegun() {
        logs.leads(0, 1);
        acted(images.offsets(1, 1));
        coordination.told.clear();

        logs.leads(0, 3);
        acted(images.offsets(3, 1));

        assertThat(coordination.told).containsExactly("ends 0 by 3", "leads 0 in 3");
    }

    @Test
    void whatEndsEndsBeforeTopicsChangeAndThenOthersBegin() {
        logs.leads(0, 1);
        logs.follows(1);
        acted(images.offsets(1, 1, 2));
        coordination.told.clear();

        logs.follows(0);
        logs.leads(1, 2);
        images.topic("orders", List.of(Images.partition(0, 1, 0)));
        acted(images.offsets(2, 2, 1));

        assertThat(coordination.told)
                .containsExactly(
                        "ends 0 by 2", "topics [__consumer_offsets, orders]", "leads 1 in 2");
    }

    @Test
    void whatIsLedNoLongerInTheSameEpochOrIsGoneEndsForGood() {
        logs.leads(0, 1);
        logs.leads(1, 1);
        acted(images.offsets(1, 1, 1));
        coordination.told.clear();

        logs.follows(0); // fenced
        logs.gone(1); // moved away
        acted(images.topic("orders", List.of()));

        assertThat(coordination.told)
                .contains("ends 0 for good", "ends 1 for good")
                .doesNotContain("leads 0 in 1");

        logs.leads(0, 1);
        acted(images.topic("orders", List.of(Images.partition(0, 1, 0))));
        assertThat(coordination.told.getLast()).isEqualTo("leads 0 in 1");
    }

    @Test
    void imagesThatWereOvertakenAreSkipped() {
        logs.leads(0, 1);
        local.acted(images.offsets(1, 1).image());
        for (int i = 0; i < 100; i++) {
            local.acted(images.topic("t" + i, List.of(Images.partition(0, 1, 0))).image());
        }
        assertThat(turns.waiting()).isEqualTo(1);

        turns.run();

        assertThat(coordination.told).hasSize(2);
    }

    @Test
    void whatDoesNotConcernItIsNotTold() {
        logs.leads(0, 1);
        acted(images.offsets(1, 1));
        coordination.told.clear();

        acted(images.topic("orders", List.of(Images.partition(0, 1, 0))));
        acted(images.topic("orders", List.of(Images.partition(0, 2, 7))));

        assertThat(coordination.told).containsExactly("topics [__consumer_offsets, orders]");
    }

    @Test
    void closingEndsTheCoordinatorAndWhoeverWaitsForOne() {
        logs.leads(0, 1);
        acted(images.offsets(1, 1));
        local.close();
        local.close();

        assertThat(coordination.told.getLast()).isEqualTo("closed");
        assertThat(local.running().join()).isEmpty();
        acted(images.topic("orders", List.of()));
        assertThat(coordination.told.getLast()).isEqualTo("closed");
    }

    @Test
    void whoWaitsForTheStartIsToldWhenItIsClosedInstead() {
        logs.leads(0, 1);
        local.acted(images.offsets(1, 1).image());
        CompletableFuture<Optional<GroupCoordination>> asked = local.running();

        local.close();

        assertThat(asked.join()).isEmpty();
        assertThat(starts).isZero();
    }

    /** Runs turns when the test says so; what waits at the end is dropped. */
    private static final class Turns extends AbstractExecutorService {
        private final ArrayDeque<Runnable> tasks = new ArrayDeque<>();
        private boolean ended;
        int taken;

        void run() {
            for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
                task.run();
            }
        }

        int waiting() {
            return tasks.size();
        }

        @Override
        public void execute(Runnable task) {
            taken++;
            tasks.add(task);
        }

        @Override
        public void shutdown() {
            ended = true;
            run();
        }

        @Override
        public List<Runnable> shutdownNow() {
            throw new AssertionError("a turn is never cut off");
        }

        @Override
        public boolean isShutdown() {
            return ended;
        }

        @Override
        public boolean isTerminated() {
            return ended;
        }

        @Override
        public boolean awaitTermination(long timeout, TimeUnit unit) {
            return ended;
        }
    }
}
