package io.mlog.client;

import java.time.Duration;

/** Checks of configuration values. */
final class Limits {
    private Limits() {}

    static void atLeast(String name, long value, long min) {
        if (value < min) {
            throw new IllegalArgumentException(name + " is " + value + ", not " + min + " or more");
        }
    }

    static void within(String name, long value, long min, long max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(
                    name + " is " + value + ", not " + min + " to " + max);
        }
    }

    static void atLeast(String name, Duration value, Duration min) {
        if (value.compareTo(min) < 0) {
            throw new IllegalArgumentException(
                    name
                            + " is "
                            + value.toMillis()
                            + " ms, not "
                            + min.toMillis()
                            + " ms or more");
        }
    }
}
