package io.mlog.systemtests.chaos;

import io.mlog.systemtests.chaos.Fault.Neighbour;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.Function;

/**
 * The steps of a run, without an end: the same seed gives the same ones. Every kind of fault comes
 * once before any comes again.
 */
final class Schedule {
    private static final List<Function<Schedule, Fault>> KINDS =
            List.of(
                    s -> new Fault.Kill(s.target()),
                    s -> new Fault.KillAll(),
                    s -> new Fault.Restart(s.target()),
                    s -> new Fault.RollingRestart(),
                    s -> new Fault.Pause(s.target()),
                    s -> new Fault.Isolate(s.target()),
                    s -> new Fault.Cut(s.target(), s.neighbour()),
                    s -> new Fault.CutOneWay(s.target(), s.neighbour(), s.random.nextBoolean()),
                    s -> new Fault.Delay(s.target(), s.between(5, 300)),
                    s -> new Fault.Reset(s.target()),
                    s -> new Fault.Wipe(s.target()));

    private static final List<Target> TARGETS = List.of(Target.values());

    private final Random random;
    private final Pace pace;
    private final List<Function<Schedule, Fault>> left = new ArrayList<>();

    /** How long faults last. */
    enum Pace {
        /** Many in a short time. */
        BRIEF(200, 2_000, 500),
        /** Also longer than the session of a broker, after which it is fenced. */
        THOROUGH(200, 9_000, 3_000);

        private final int leastMs;
        private final int mostMs;
        private final int mostCalmMs;

        Pace(int leastMs, int mostMs, int mostCalmMs) {
            this.leastMs = leastMs;
            this.mostMs = mostMs;
            this.mostCalmMs = mostCalmMs;
        }
    }

    Schedule(long seed, Pace pace) {
        this.random = new Random(seed);
        this.pace = pace;
    }

    Step next() {
        if (left.isEmpty()) {
            left.addAll(KINDS);
            Collections.shuffle(left, random);
        }
        Fault fault = left.removeLast().apply(this);
        return new Step(fault, between(pace.leastMs, pace.mostMs), between(0, pace.mostCalmMs));
    }

    private Target target() {
        return TARGETS.get(random.nextInt(TARGETS.size()));
    }

    private Neighbour neighbour() {
        return random.nextBoolean() ? Neighbour.NEXT : Neighbour.AFTER_NEXT;
    }

    private Duration between(int leastMs, int mostMs) {
        return Duration.ofMillis(random.nextInt(leastMs, mostMs + 1));
    }
}
