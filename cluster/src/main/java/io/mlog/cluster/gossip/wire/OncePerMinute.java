package io.mlog.cluster.gossip.wire;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;

/**
 * Logs what others do wrong: once for each of them and minute, however often they do it. Any
 * thread. Knows at most {@value #MAX_SUBJECTS} subjects at a time; those beyond share one line a
 * minute.
 */
public final class OncePerMinute {
    static final int MAX_SUBJECTS = 1000;

    private static final long WINDOW_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final Logger log;
    private final LongSupplier nanoTime;
    private final Map<String, Window> bySubject = new HashMap<>();

    /** Logs at WARN. */
    public OncePerMinute(Logger log, LongSupplier nanoTime) {
        this.log = log;
        this.nanoTime = nanoTime;
    }

    /**
     * Logs, or counts when this subject was logged within the last minute.
     *
     * @param subject who and what for
     */
    public void warn(String subject, String line) {
        String admitted = admit(subject, line);
        if (!admitted.isEmpty()) {
            log.warn(admitted);
        }
    }

    /** The line to log, empty when there is none now. */
    synchronized String admit(String subject, String line) {
        long now = nanoTime.getAsLong();
        String key = subject;
        if (!bySubject.containsKey(subject) && bySubject.size() >= MAX_SUBJECTS) {
            bySubject.values().removeIf(window -> now - window.startedNanos >= WINDOW_NANOS);
            key = bySubject.size() >= MAX_SUBJECTS ? "" : subject;
        }
        Window window = bySubject.get(key);
        if (window != null && now - window.startedNanos < WINDOW_NANOS) {
            window.suppressed++;
            return "";
        }
        bySubject.put(key, new Window(now));
        return window == null || window.suppressed == 0
                ? line
                : "%s (and %d more since it was last said)".formatted(line, window.suppressed);
    }

    private static final class Window {
        private final long startedNanos;
        private long suppressed;

        Window(long startedNanos) {
            this.startedNanos = startedNanos;
        }
    }
}
