package io.mlog.core.replication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class WaitingProducesTest {
    private final WaitingProduces<String> waiting = new WaitingProduces<>(3);

    @Test
    void releasesInOrderWhatLiesBelowTheHighWatermark() {
        waiting.park(10, 1000, "a");
        waiting.park(20, 1000, "b");
        waiting.park(30, 1000, "c");

        assertThat(waiting.release(9)).isEmpty();
        assertThat(waiting.release(20)).containsExactly("a", "b");
        assertThat(waiting.release(20)).isEmpty();
        assertThat(waiting.size()).isEqualTo(1);
    }

    @Test
    void aDuplicateOfEarlierRecordsIsReleasedWithThem() {
        waiting.park(20, 1000, "late");
        waiting.park(10, 1000, "duplicate");

        assertThat(waiting.release(10)).containsExactly("duplicate");
        assertThat(waiting.release(20)).containsExactly("late");
    }

    @Test
    void givesUpOnlyWhatIsDue() {
        waiting.park(10, 2000, "patient");
        waiting.park(20, 1000, "hasty");

        assertThat(waiting.nextDeadlineMs()).hasValue(1000);
        assertThat(waiting.expire(999)).isEmpty();
        assertThat(waiting.expire(1000)).containsExactly("hasty");
        assertThat(waiting.release(100)).containsExactly("patient");
    }

    @Test
    void refusesToParkMoreThanItsLimit() {
        waiting.park(1, 1, "a");
        waiting.park(2, 1, "b");
        waiting.park(3, 1, "c");

        assertThat(waiting.full()).isTrue();
        assertThatThrownBy(() -> waiting.park(4, 1, "d")).isInstanceOf(IllegalStateException.class);
        assertThat(waiting.drain()).containsExactly("a", "b", "c");
        assertThat(waiting.size()).isZero();
    }
}
