package io.mlog.systemtests.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlog.systemtests.chaos.Schedule.Pace;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ScheduleTest {
    private static final int KINDS = Fault.class.getPermittedSubclasses().length;

    @Test
    void theSameSeedGivesTheSameSteps() {
        assertThat(steps(7, 200)).isEqualTo(steps(7, 200)).isNotEqualTo(steps(8, 200));
    }

    @Test
    void everyKindComesOnceBeforeAnyComesAgain() {
        for (long seed = 0; seed < 50; seed++) {
            List<Step> steps = steps(seed, 3 * KINDS);
            for (int round = 0; round < 3; round++) {
                Set<Class<?>> kinds = new HashSet<>();
                steps.subList(round * KINDS, (round + 1) * KINDS)
                        .forEach(step -> kinds.add(step.fault().getClass()));
                assertThat(kinds).hasSize(KINDS);
            }
        }
    }

    private static List<Step> steps(long seed, int count) {
        Schedule schedule = new Schedule(seed, Pace.THOROUGH);
        return Stream.generate(schedule::next).limit(count).toList();
    }
}
