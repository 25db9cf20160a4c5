package io.mlog.broker.net;

import java.net.InetAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;

/**
 * Reports what clients do wrong: once for each client and minute, however often they do it. Any
 * thread. Knows at most {@value #MAX_CLIENTS} clients at a time; those beyond share one line a
 * minute.
 */
final class FaultLog {
    static final int MAX_CLIENTS = 1000;

    private static final long WINDOW_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final Logger log;
    private final LongSupplier nanoTime;
    private final Map<String, Window> byClient = new HashMap<>();

    FaultLog(Logger log, LongSupplier nanoTime) {
        this.log = log;
        this.nanoTime = nanoTime;
    }

    /** Reports, or counts when this client was reported within the last minute. */
    void report(InetAddress client, String what) {
        String line = admit(client.getHostAddress(), what);
        if (!line.isEmpty()) {
            log.warn(line);
        }
    }

    /** The line to log, empty when there is none now. */
    synchronized String admit(String client, String what) {
        long now = nanoTime.getAsLong();
        String key = client;
        if (!byClient.containsKey(client) && byClient.size() >= MAX_CLIENTS) {
            byClient.values().removeIf(window -> now - window.startedNanos >= WINDOW_NANOS);
            key = byClient.size() >= MAX_CLIENTS ? "many clients" : client;
        }
        Window window = byClient.get(key);
        if (window != null && now - window.startedNanos < WINDOW_NANOS) {
            window.suppressed++;
            return "";
        }
        byClient.put(key, new Window(now));
        return window == null || window.suppressed == 0
                ? "client %s: %s".formatted(client, what)
                : "client %s: %s (and %d more since it was last reported)"
                        .formatted(client, what, window.suppressed);
    }

    private static final class Window {
        private final long startedNanos;
        private long suppressed;

        Window(long startedNanos) {
            this.startedNanos = startedNanos;
        }
    }
}
