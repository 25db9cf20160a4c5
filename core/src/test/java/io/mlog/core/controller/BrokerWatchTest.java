package io.mlog.core.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlog.core.controller.WatchStep.Fence;
import io.mlog.core.controller.WatchStep.Probe;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BrokerWatchTest {
    private static final int BROKER = 2;
    private static final long BOOT = 70;

    private final BrokerWatch watch = new BrokerWatch(new WatchTimes(6000, 50, 1000));

    @Test
    void aNewControllerProbesEveryBrokerInOrder() {
        assertThat(watch.unfenced(Map.of(3, 30L, 1, 10L, 2, 20L), 0))
                .containsExactly(new Probe(1, 10), new Probe(2, 20), new Probe(3, 30));
        assertThat(watch.unfenced(Map.of(3, 30L, 1, 10L, 2, 20L), 5)).isEmpty();
    }

    @Test
    void twoRefusalsAGapApartFence() {
        trusted();

        assertThat(watch.hint(BROKER, 100)).containsExactly(new Probe(BROKER, BOOT));
        assertThat(watch.probed(BROKER, BOOT, true, 101)).isEmpty();
        assertThat(watch.nextDeadlineMs()).isEqualTo(151);
        assertThat(watch.tick(150)).isEmpty();
        assertThat(watch.tick(151)).containsExactly(new Probe(BROKER, BOOT));
        assertThat(watch.probed(BROKER, BOOT, true, 152))
                .containsExactly(fence("its address refuses connections"));
    }

    @Test
    void anAnswerBetweenTwoRefusalsBeginsAnew() {
        trusted();
        watch.hint(BROKER, 100);
        watch.probed(BROKER, BOOT, true, 101);
        watch.tick(151);
        assertThat(watch.probed(BROKER, BOOT, false, 152)).isEmpty();

        watch.hint(BROKER, 200);
        assertThat(watch.probed(BROKER, BOOT, true, 201)).isEmpty();
    }

    @Test
    void aHintAloneNeverFencesWhoIsReached() {
        trusted();
        for (long now = 100; now < 60_000; now += 100) {
            watch.contact(BROKER, now);
            watch.hint(BROKER, now);
            assertThat(watch.probed(BROKER, BOOT, false, now)).isEmpty();
            assertThat(watch.tick(now)).isEmpty();
        }
    }

    @Test
    void silenceForTheSessionTimeFencesWithoutAHint() {
        trusted();
        watch.contact(BROKER, 1000);

        assertThat(watch.nextDeadlineMs()).isEqualTo(7000);
        assertThat(watch.tick(6999)).isEmpty();
        assertThat(watch.tick(7000)).containsExactly(fence("no contact for 6000 ms"));
    }

    @Test
    void anAcceptedProbeIsNoContactSinceAPausedProcessAcceptsToo() {
        trusted();
        watch.hint(BROKER, 5990);
        watch.probed(BROKER, BOOT, false, 5995);

        assertThat(watch.tick(6000)).hasSize(1).first().isInstanceOf(Fence.class);
    }

    @Test
    void aProbeThatHangsDoesNotHoldUpTheSession() {
        trusted();
        watch.hint(BROKER, 10);

        assertThat(watch.tick(6000)).containsExactly(fence("no contact for 6000 ms"));
    }

    @Test
    void aFenceIsAskedForAgainUntilTheMetadataShowsIt() {
        trusted();
        watch.tick(6000);

        assertThat(watch.tick(6999)).isEmpty();
        assertThat(watch.tick(7000)).containsExactly(fence("no contact for 6000 ms"));
        assertThat(watch.unfenced(Map.of(), 7001)).isEmpty();
        assertThat(watch.tick(60_000)).isEmpty();
    }

    @Test
    void aContactSavesWhomTheMetadataStillListsAsUnfenced() {
        trusted();
        watch.tick(6000);
        watch.contact(BROKER, 6500);

        assertThat(watch.tick(7100)).isEmpty();
    }

    @Test
    void whatIsSaidOfAnEarlierBootIsIgnored() {
        trusted();
        watch.hint(BROKER, 100);
        assertThat(watch.unfenced(Map.of(BROKER, BOOT + 1), 110))
                .containsExactly(new Probe(BROKER, BOOT + 1));

        assertThat(watch.probed(BROKER, BOOT, true, 111)).isEmpty();
        assertThat(watch.probed(BROKER, BOOT, true, 200)).isEmpty();
        assertThat(watch.tick(200)).isEmpty();
    }

    @Test
    void hintsAboutOneProbeAreOneProbe() {
        trusted();
        assertThat(watch.hint(BROKER, 100)).hasSize(1);
        assertThat(watch.hint(BROKER, 100)).isEmpty();
        assertThat(watch.hint(9, 100)).isEmpty();
    }

    private void trusted() {
        List<WatchStep> first = watch.unfenced(Map.of(BROKER, BOOT), 0);
        assertThat(first).containsExactly(new Probe(BROKER, BOOT));
        watch.probed(BROKER, BOOT, false, 0);
    }

    private static Fence fence(String reason) {
        return new Fence(BROKER, BOOT, reason);
    }
}
