package io.mlog.client.why;

import java.util.List;
import java.util.Locale;

/** Numbers, spans and lists as people say them. */
final class Words {
    private static final long SECOND_MS = 1000;
    private static final long MINUTE_MS = 60 * SECOND_MS;
    private static final long HOUR_MS = 60 * MINUTE_MS;

    private Words() {}

    /** Such as {@code 1 record} or {@code 12 records}; the plural adds an s. */
    static String count(long number, String one) {
        return number + " " + one + (number == 1 ? "" : "s");
    }

    /** A span of time such as {@code 400 ms}, {@code 4.2 s}, {@code 3 min}, {@code 5 h}. */
    static String span(long ms) {
        long positive = Math.max(0, ms);
        if (positive < SECOND_MS) {
            return positive + " ms";
        }
        if (positive < MINUTE_MS) {
            return String.format(Locale.ROOT, "%.1f s", positive / 1000.0);
        }
        return positive < HOUR_MS ? positive / MINUTE_MS + " min" : positive / HOUR_MS + " h";
    }

    /** Such as {@code a}, {@code a and b}, {@code a, b and c}. */
    static String list(List<String> names) {
        if (names.size() < 2) {
            return names.isEmpty() ? "nobody" : names.getFirst();
        }
        return String.join(", ", names.subList(0, names.size() - 1)) + " and " + names.getLast();
    }

    /** {@code is} or {@code are}. */
    static String are(int number) {
        return number == 1 ? "is" : "are";
    }
}
