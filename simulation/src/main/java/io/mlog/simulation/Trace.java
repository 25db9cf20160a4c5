package io.mlog.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * What happened, in order. Its hash is always kept, its text only on demand: the same seed gives
 * the same trace, so a run that failed is repeated to see it.
 */
final class Trace {
    private static final int MOST_LINES = 200_000;

    private final boolean keepsText;
    private final List<String> lines = new ArrayList<>();
    private long hash = 17;

    Trace(boolean keepsText) {
        this.keepsText = keepsText;
    }

    /** An event begins. */
    void event(long atMicros, String what) {
        mix(atMicros);
        mix(what.hashCode());
        if (keepsText) {
            add("%,12d  %s".formatted(atMicros, what));
        }
    }

    /** A number that must be the same in a repetition. */
    void mix(long number) {
        hash = (hash ^ number) * 0x9E3779B97F4A7C15L;
        hash ^= hash >>> 32;
    }

    /** Something that was noticed in the present event. */
    void note(Supplier<String> what) {
        if (keepsText) {
            add("              - " + what.get());
        }
    }

    private void add(String line) {
        if (lines.size() < MOST_LINES) {
            lines.add(line);
        }
    }

    long hash() {
        return hash;
    }

    List<String> lines() {
        return List.copyOf(lines);
    }
}
