package io.mlog.core.controller;

/**
 * How patient a {@link BrokerWatch} is, in milliseconds.
 *
 * @param sessionMs without contact for this long, a broker is fenced whatever else is said of it
 * @param probeGapMs between two probes of a broker that refused the first
 * @param retryMs after which a fence that the metadata does not show is asked for again
 */
public record WatchTimes(long sessionMs, long probeGapMs, long retryMs) {
    /** What the product uses: a session of 6 s, probes 50 ms apart. */
    public static final WatchTimes DEFAULTS = new WatchTimes(6000, 50, 1000);

    public WatchTimes {
        if (sessionMs < 1 || probeGapMs < 1 || retryMs < 1) {
            throw new IllegalArgumentException(
                    "session %d ms, probe gap %d ms and retry %d ms must be 1 ms or more"
                            .formatted(sessionMs, probeGapMs, retryMs));
        }
    }
}
