package io.mlog.storage;

import io.mlog.model.ErrorCode;
import io.mlog.model.MlogException;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether a log can still be used, and what was found damaged in it. A log that is offline stays so
 * for the rest of the process's life: what the disk holds after a failed write or fsync is unknown
 * until the next start has read it. Any thread.
 */
final class LogHealth {
    static final Logger LOGGER = LoggerFactory.getLogger(PartitionLog.class);

    private static final int KEPT_DAMAGES = 100;

    private final String name;
    private final Deque<Damage> damages = new ArrayDeque<>();
    private volatile @Nullable MlogException refusal;
    private volatile boolean damaged;

    LogHealth(String name) {
        this.name = name;
    }

    /** Refuses when the log is offline. */
    void check() {
        MlogException present = refusal;
        if (present != null) {
            throw present;
        }
    }

    /** Takes the log offline, unless it is, and returns the refusal to throw. */
    MlogException fail(String what, IOException cause) {
        LOGGER.error("log of {} goes offline: {}", name, what, cause);
        return refuse(
                ErrorCode.STORAGE_ERROR,
                "the log of "
                        + name
                        + " is offline since "
                        + what
                        + ": "
                        + cause.getMessage()
                        + "; restart the broker when the disk is repaired");
    }

    /** Ends the log's use with this answer to whoever asks, unless one is given already. */
    synchronized MlogException refuse(ErrorCode code, String message) {
        MlogException present = refusal;
        if (present == null) {
            present = new MlogException(code, message);
            refusal = present;
        }
        return present;
    }

    Optional<String> offlineReason() {
        return Optional.ofNullable(refusal).map(MlogException::reason);
    }

    /** Notes damage and returns the refusal to serve it. */
    MlogException damaged(Damage damage) {
        boolean fresh;
        synchronized (damages) {
            fresh = !damages.contains(damage);
            if (fresh) {
                if (damages.size() == KEPT_DAMAGES) {
                    damages.removeFirst();
                }
                damages.addLast(damage);
            }
            damaged = true;
        }
        if (fresh) {
            LOGGER.error("log of {} is damaged: {}", name, damage);
        }
        return new MlogException(
                ErrorCode.CORRUPT_MESSAGE,
                "the log of " + name + " is damaged and not served here: " + damage);
    }

    /** Nothing is left of what was found damaged. */
    void whole() {
        synchronized (damages) {
            damages.clear();
        }
        damaged = false;
    }

    /** Whether anything was found damaged, and is still there. */
    boolean isDamaged() {
        return damaged;
    }

    List<Damage> damages() {
        synchronized (damages) {
            return List.copyOf(damages);
        }
    }
}
