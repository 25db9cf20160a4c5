package io.mlog.client;

import java.time.Duration;

/** Checks of configuration values. */
final class Limits {
    /** The longest that a request may wait: a day. */
    static final Duration LONGEST = Duration.ofDays(1);

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

    /** From a millisecond to {@link #LONGEST}. */
    static void wait(String name, Duration value) {
        atLeast(name, value, Duration.ofMillis(1));
        atMost(name, value, LONGEST);
    }

    static void atMost(String name, Duration value, Duration max) {
        if (value.compareTo(max) > 0) {
            throw new IllegalArgumentException(
                    name
                            + " is "
                            + value.toMillis()
                            + " ms, not "
                            + max.toMillis()
                            + " ms or less");
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
