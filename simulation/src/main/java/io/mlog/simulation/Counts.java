package io.mlog.simulation;

import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;

/** How often what happened, in one run or in many. */
final class Counts {
    /** What is counted. */
    enum Kind {
        RUNS,
        EVENTS,
        ELECTIONS,
        TRUNCATIONS,
        ISR_SHRINKS,
        ISR_GROWTHS,
        CRASHES,
        ORDERLY_STOPS,
        RESTARTS,
        PAUSES,
        ISOLATIONS,
        ONE_WAY_CUTS,
        DELAYS,
        DROPPED_CONNECTIONS,
        CLOCK_JUMPS,
        FULL_DISKS,
        SLOW_DISKS,
        CONTROLLER_CHANGES,
        METADATA_TROUBLES,
        LEADERSHIPS_MOVED,
        BATCHES_ACKNOWLEDGED,
        BATCHES_REFUSED,
        BATCHES_COMMITTED,
        READS_FROM_LEADERS,
        READS_FROM_FOLLOWERS
    }

    private final Map<Kind, Long> numbers = new EnumMap<>(Kind.class);

    void one(Kind kind) {
        add(kind, 1);
    }

    void add(Kind kind, long more) {
        numbers.merge(kind, more, Long::sum);
    }

    void add(Counts other) {
        other.numbers.forEach(this::add);
    }

    long of(Kind kind) {
        return numbers.getOrDefault(kind, 0L);
    }

    /** What has not happened at all. */
    List<Kind> zeros() {
        return List.of(Kind.values()).stream().filter(kind -> of(kind) == 0).toList();
    }

    @Override
    public String toString() {
        StringJoiner all = new StringJoiner(", ");
        for (Kind kind : Kind.values()) {
            all.add(of(kind) + " " + kind.name().toLowerCase(Locale.ROOT).replace('_', ' '));
        }
        return all.toString();
    }
}
