package io.mlog.core.controller;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Decides which unfenced brokers are to be fenced. A hint (gossip lost it, a connection to it was
 * reset) makes the controller connect at once: two refusals in a row fence the broker, since
 * nothing listens where it listened. Without a hint, or where nobody refuses (a paused process, a
 * cut cable), the session decides: so long without contact, and it is fenced. A hint alone never
 * fences: while the metadata log still reaches the broker, it stays.
 *
 * <table>
 * <caption>States of a watched boot</caption>
 * <tr><td>trusted</td><td>a hint leads to suspected</td></tr>
 * <tr><td>suspected</td><td>a probe is under way or due; an answer or a contact leads back to
 *     trusted, the second refusal to condemned</td></tr>
 * <tr><td>condemned</td><td>a fence was asked for; it is asked for again after a while, until the
 *     metadata no longer lists the boot as unfenced or a contact shows that it lives</td></tr>
 * </table>
 *
 * <p>Owned by the controller's thread; knows no time but what it is told, in ms of a clock that
 * only rises. A new controller makes a new watch, which begins by probing everybody.
 */
public final class BrokerWatch {
    private static final int REFUSALS_TO_FENCE = 2;
    private static final long NEVER = Long.MAX_VALUE;

    private final WatchTimes times;
    private final SortedMap<Integer, Watched> watched = new TreeMap<>();

    private enum State {
        TRUSTED,
        SUSPECTED,
        CONDEMNED
    }

    private static final class Watched {
        final long bootEpoch;
        long lastContactMs;
        State state = State.TRUSTED;
        int refusals;
        boolean probing;
        long dueMs = NEVER;
        String reason = "";

        Watched(long bootEpoch, long nowMs) {
            this.bootEpoch = bootEpoch;
            this.lastContactMs = nowMs;
        }

        void trust() {
            state = State.TRUSTED;
            refusals = 0;
            dueMs = NEVER;
        }
    }

    /** Watches nobody yet. */
    public BrokerWatch(WatchTimes times) {
        this.times = times;
    }

    /**
     * Takes in who is unfenced now, by broker id, with the boot epochs. Whoever is new here is
     * probed: the first list of a controller therefore probes every broker.
     */
    public List<WatchStep> unfenced(Map<Integer, Long> bootEpochs, long nowMs) {
        Iterator<Map.Entry<Integer, Watched>> all = watched.entrySet().iterator();
        while (all.hasNext()) {
            Map.Entry<Integer, Watched> each = all.next();
            Long boot = bootEpochs.get(each.getKey());
            if (boot == null || boot != each.getValue().bootEpoch) {
                all.remove();
            }
        }
        List<WatchStep> steps = new ArrayList<>();
        for (Map.Entry<Integer, Long> each : new TreeMap<>(bootEpochs).entrySet()) {
            if (!watched.containsKey(each.getKey())) {
                Watched added = new Watched(each.getValue(), nowMs);
                watched.put(each.getKey(), added);
                suspect(each.getKey(), added, steps);
            }
        }
        return steps;
    }

    /** Somebody has reason to think that the broker is gone. */
    public List<WatchStep> hint(int brokerId, long nowMs) {
        List<WatchStep> steps = new ArrayList<>();
        Watched broker = watched.get(brokerId);
        if (broker != null && broker.state == State.TRUSTED) {
            suspect(brokerId, broker, steps);
        }
        return steps;
    }

    /**
     * The broker has answered the metadata log.
     *
     * @param atMs when; earlier than a contact known already changes nothing
     */
    public void contact(int brokerId, long atMs) {
        Watched broker = watched.get(brokerId);
        if (broker == null || atMs <= broker.lastContactMs) {
            return;
        }
        broker.lastContactMs = atMs;
        if (broker.state == State.CONDEMNED) {
            broker.trust();
        }
    }

    /**
     * How a probe went.
     *
     * @param refused whether the address said that nobody listens; false for an accepted connection
     *     and for no answer at all
     */
    public List<WatchStep> probed(int brokerId, long bootEpoch, boolean refused, long nowMs) {
        List<WatchStep> steps = new ArrayList<>();
        Watched broker = watched.get(brokerId);
        if (broker == null || broker.bootEpoch != bootEpoch || !broker.probing) {
            return steps;
        }
        broker.probing = false;
        if (broker.state != State.SUSPECTED) {
            return steps;
        }
        if (!refused) {
            broker.trust();
            return steps;
        }
        broker.refusals++;
        if (broker.refusals < REFUSALS_TO_FENCE) {
            broker.dueMs = nowMs + times.probeGapMs();
        } else {
            condemn(brokerId, broker, "its address refuses connections", nowMs, steps);
        }
        return steps;
    }

    /** Time has passed; called at {@link #nextDeadlineMs} or a little later. */
    public List<WatchStep> tick(long nowMs) {
        List<WatchStep> steps = new ArrayList<>();
        watched.forEach((id, broker) -> tick(id, broker, nowMs, steps));
        return steps;
    }

    private void tick(int brokerId, Watched broker, long nowMs, List<WatchStep> steps) {
        boolean due = broker.dueMs <= nowMs;
        if (broker.state == State.CONDEMNED) {
            if (due) {
                condemn(brokerId, broker, broker.reason, nowMs, steps);
            }
        } else if (nowMs - broker.lastContactMs >= times.sessionMs()) {
            String silence = "no contact for " + (nowMs - broker.lastContactMs) + " ms";
            condemn(brokerId, broker, silence, nowMs, steps);
        } else if (broker.state == State.SUSPECTED && due) {
            probe(brokerId, broker, steps);
        }
    }

    /** When {@link #tick} next has something to do; {@link Long#MAX_VALUE} when never. */
    public long nextDeadlineMs() {
        long next = NEVER;
        for (Watched broker : watched.values()) {
            next = Math.min(next, broker.dueMs);
            if (broker.state != State.CONDEMNED) {
                next = Math.min(next, broker.lastContactMs + times.sessionMs());
            }
        }
        return next;
    }

    private static void suspect(int brokerId, Watched broker, List<WatchStep> steps) {
        broker.state = State.SUSPECTED;
        broker.refusals = 0;
        if (!broker.probing) {
            probe(brokerId, broker, steps);
        }
    }

    private static void probe(int brokerId, Watched broker, List<WatchStep> steps) {
        broker.probing = true;
        broker.dueMs = NEVER;
        steps.add(new WatchStep.Probe(brokerId, broker.bootEpoch));
    }

    private void condemn(
            int brokerId, Watched broker, String reason, long nowMs, List<WatchStep> steps) {
        broker.state = State.CONDEMNED;
        broker.reason = reason;
        broker.dueMs = nowMs + times.retryMs();
        steps.add(new WatchStep.Fence(brokerId, broker.bootEpoch, reason));
    }
}
