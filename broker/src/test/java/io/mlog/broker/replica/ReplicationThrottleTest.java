package io.mlog.broker.replica;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mlog.model.TopicId;
import io.mlog.model.TopicIdPartition;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class ReplicationThrottleTest {
    private static final TopicIdPartition MOVED = new TopicIdPartition(new TopicId(1, 2), 0);
    private static final TopicIdPartition OTHER = new TopicIdPartition(new TopicId(1, 2), 1);

    private long nowNanos = -77;

    private ReplicationThrottle throttle(long bytesPerSecond) {
        ReplicationThrottle throttle = new ReplicationThrottle(bytesPerSecond, () -> nowNanos);
        throttle.holdBack(Set.of(MOVED));
        return throttle;
    }

    @Test
    void onlyThoseHeldBackWait() {
        ReplicationThrottle throttle = throttle(10);
        throttle.took(OTHER, 1_000_000);
        assertThat(throttle.delayMs(MOVED)).isZero();
        throttle.took(MOVED, 100);
        assertThat(throttle.delayMs(MOVED)).isPositive();
        assertThat(throttle.delayMs(OTHER)).isZero();
        throttle.holdBack(Set.of());
        assertThat(throttle.delayMs(MOVED)).isZero();
    }

    @Test
    void withoutALimitNobodyWaits() {
        ReplicationThrottle throttle = throttle(ReplicationThrottle.UNLIMITED);
        throttle.took(MOVED, Integer.MAX_VALUE);
        assertThat(throttle.delayMs(MOVED)).isZero();
        assertThat(throttle.mostBytes(MOVED, 500)).isEqualTo(500);
    }

    @Test
    void onePartitionAsksForNoMoreThanASecondsWorth() {
        ReplicationThrottle throttle = throttle(100);
        assertThat(throttle.mostBytes(MOVED, 500)).isEqualTo(100);
        assertThat(throttle.mostBytes(MOVED, 50)).isEqualTo(50);
        assertThat(throttle.mostBytes(OTHER, 500)).isEqualTo(500);
    }

    @Test
    void theRateHoldsOverALongTimeWhateverTheSizes() {
        long rate = 1_000_000;
        ReplicationThrottle throttle = throttle(rate);
        Random random = new Random(5);
        long startNanos = nowNanos;
        long bytes = 0;
        for (int round = 0; round < 10_000; round++) {
            nowNanos += TimeUnit.MILLISECONDS.toNanos(throttle.delayMs(MOVED));
            int took = random.nextInt(200_000);
            throttle.took(MOVED, took);
            bytes += took;
            nowNanos += random.nextInt(1_000_000);
        }
        double seconds = (nowNanos - startNanos) / 1e9;
        assertThat(bytes / seconds).isBetween(rate * 0.95, rate * 1.01);
    }

    @Test
    void anUnusedSecondIsNotSavedUp() {
        ReplicationThrottle throttle = throttle(1000);
        nowNanos += TimeUnit.HOURS.toNanos(1);
        throttle.took(MOVED, 1000);
        assertThat(throttle.delayMs(MOVED)).isBetween(1L, 3L);
    }

    @Test
    void aRateOfNothingIsRefused() {
        assertThatThrownBy(() -> throttle(0)).hasMessageContaining("0 bytes per second");
    }
}
