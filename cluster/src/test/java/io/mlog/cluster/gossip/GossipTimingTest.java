package io.mlog.cluster.gossip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mlog.core.membership.Membership;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GossipTimingTest {
    private final GossipTiming local = GossipTiming.local();

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 5, 7, 15})
    void deathIsFoundOutInTimeAndAPauseOfASecondIsForgiven(int members) {
        assertThat(suspicionMs(members) + 2L * local.pingIntervalMs())
                .isLessThanOrEqualTo(Membership.FAILURE_DETECTION_MS);
        assertThat(suspicionMs(members)).isGreaterThanOrEqualTo(2_000);
    }

    /** As the library computes it. */
    private int suspicionMs(int members) {
        int log = (int) Math.ceil(Math.log(members + 1) / Math.log(2));
        return local.suspicionMult() * log * local.pingIntervalMs();
    }

    @Test
    void pingThatMayTakeLongerThanTheNextIsRefused() {
        assertThatThrownBy(() -> new GossipTiming(200, 200, 3, 100, 5_000, 1_000))
                .hasMessageContaining("a ping of 200 ms must be answered before the next one 200");
        assertThatThrownBy(() -> new GossipTiming(350, 200, 0, 100, 5_000, 1_000))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
