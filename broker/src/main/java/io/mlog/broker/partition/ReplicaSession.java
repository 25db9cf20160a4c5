package io.mlog.broker.partition;

import io.mlog.model.ErrorCode;
import io.mlog.model.TopicIdPartition;
import io.mlog.services.ReplicaAsk;
import io.mlog.services.ReplicaFetchCommand;
import io.mlog.services.ReplicaFetched;
import io.mlog.services.ReplicaFetched.Found;
import io.mlog.services.ReplicaIdentity;
import io.mlog.services.WaitingFetch;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One follower broker's asks at this leader, and its requests that wait for answers
 * (docs/decisions/0023-asks-that-stand.md). Whatever happens to it is a turn, and turns run one
 * after the other on whichever thread brings them, with no lock held: {@link Effects} orders them.
 *
 * <p>An ask stands until something ends it: records, a divergence, an error. The requests are
 * answered oldest first, by whatever is ready for any ask. A higher high watermark alone is told
 * with the next answer, or after {@value #NEWS_MS} ms: nobody's acknowledgement waits for it.
 *
 * <p>Bounded: one ask for each partition, and {@link ReplicaFetchCommand#MAX_OUTSTANDING} requests.
 */
final class ReplicaSession {
    /** How long news of high watermarks wait for an answer to ride with. */
    static final long NEWS_MS = 10;

    /** How often an ask is looked at in a row while its partition moves. */
    private static final int MOST_LOOKS = 8;

    private final ReplicaIdentity follower;
    private final int id;
    private final Context context;
    private final Effects turns = new Effects();
    private final Map<TopicIdPartition, StandingAsk> standing = new LinkedHashMap<>();

    /** High watermarks that the follower was told, while nothing but records has answered it. */
    private final Map<TopicIdPartition, Long> told = new HashMap<>();

    /** Asks that are to be read for the next answer, in the order in which they became so. */
    private final ArrayDeque<StandingAsk> ready = new ArrayDeque<>();

    /** Asks of which only a high watermark is to be told. */
    private final Set<StandingAsk> news = new LinkedHashSet<>();

    /** Asks that know more than this broker. */
    private final Set<StandingAsk> early = new LinkedHashSet<>();

    private final ArrayDeque<Parked> parked = new ArrayDeque<>();
    private int nextEpoch = ReplicaFetchCommand.FIRST_EPOCH;
    private long repeatedMs;
    private boolean newsDue;
    private boolean newsTimed;
    private boolean waitTimed;
    private boolean ended;

    /**
     * What all sessions of a broker share.
     *
     * @param partitions finds what is hosted here
     * @param maxRecords most records of one partition in one answer
     * @param bytesOut counts the records' bytes
     * @param fatal told of a bug of ours; the broker then stops
     */
    record Context(
            Function<TopicIdPartition, @Nullable LedPartition> partitions,
            Timer timer,
            InstantSource clock,
            int maxRecords,
            LongAdder bytesOut,
            Consumer<Throwable> fatal) {}

    private record Parked(
            ReplicaFetchCommand command, long sinceMs, Consumer<ReplicaFetched> done) {
        boolean isOver(long nowMs) {
            long waited = nowMs - sinceMs;
            return waited >= command.maxWaitMs() || waited < 0; // below 0: the clock was set back
        }
    }

    ReplicaSession(ReplicaIdentity follower, int id, Context context) {
        this.follower = follower;
        this.id = id;
        this.context = context;
        this.repeatedMs = context.clock().millis();
    }

    /** Whether a request belongs here. Any thread. */
    boolean isOf(ReplicaFetchCommand command) {
        return id == command.sessionId() && follower.equals(command.replica());
    }

    /** Takes a request in. Any thread. */
    WaitingFetch request(ReplicaFetchCommand command, Consumer<ReplicaFetched> done) {
        Parked request = new Parked(command, context.clock().millis(), done);
        turn(() -> arrived(request));
        return () -> turn(this::forget);
    }

    /** This broker has acted on newer metadata. Any thread. */
    void metadataActed() {
        turn(() -> {
            for (StandingAsk ask : List.copyOf(early)) {
                acknowledge(ask);
            }
            answer();
        });
    }

    /** Ends it; what waits is refused. Any thread; idempotent. */
    void end(ErrorCode error) {
        turn(() -> refuseAll(error));
    }

    private void turn(Runnable step) {
        turns.add(() -> {
            try {
                step.run();
            } catch (RuntimeException | Error bug) {
                context.fatal().accept(bug);
            }
        });
        turns.drain();
    }

    private void arrived(Parked request) {
        if (ended) {
            refuse(request, ErrorCode.FETCH_SESSION_ID_NOT_FOUND);
            return;
        }
        parked.add(request);
        if (request.command().sessionEpoch() != nextEpoch) {
            refuseAll(ErrorCode.INVALID_FETCH_SESSION_EPOCH);
            return;
        }
        nextEpoch = ReplicaFetchCommand.epochAfter(nextEpoch);
        repeatWhenDue(request);
        request.command().asks().forEach(this::take);
        answer();
    }

    /**
     * The follower lives, and so stands by what it asked: nothing else tells the partitions. It
     * sends a request at least as often as it lets one wait.
     */
    private void repeatWhenDue(Parked request) {
        long nowMs = request.sinceMs();
        long dueMs = request.command().maxWaitMs() * 4L / 5;
        if (nowMs - repeatedMs < dueMs && nowMs >= repeatedMs) {
            return;
        }
        repeatedMs = nowMs;
        for (StandingAsk ask : List.copyOf(standing.values())) {
            if (!ask.isKnown() || ask.isEarly()) {
                acknowledge(ask);
            }
        }
    }

    private void take(ReplicaAsk wanted) {
        long known = told.getOrDefault(wanted.partition(), -1L);
        StandingAsk ask = new StandingAsk(wanted, known, this::woken);
        StandingAsk former = standing.put(ask.id(), ask);
        if (former != null) {
            drop(former);
        }
        acknowledge(ask);
        if (!ask.isEarly()) {
            becomesReady(ask);
        }
    }

    private void acknowledge(StandingAsk ask) {
        boolean wasEarly = early.remove(ask);
        ask.acknowledge(context.partitions().apply(ask.id()), follower);
        if (ask.isEarly()) {
            early.add(ask);
        } else if (wasEarly || ask.isKnown()) {
            becomesReady(ask);
        }
    }

    private void woken(StandingAsk ask) {
        turn(() -> {
            if (stands(ask)) {
                becomesReady(ask);
                answer();
            }
        });
    }

    @SuppressWarnings("ReferenceEquality") // a former ask of the same partition is another one
    private boolean stands(StandingAsk ask) {
        return standing.get(ask.id()) == ask;
    }

    private void becomesReady(StandingAsk ask) {
        if (ask.becomesReady()) {
            ready.add(ask);
        }
    }

    private void drop(StandingAsk ask) {
        ask.unwatch();
        news.remove(ask);
        early.remove(ask);
    }

    /** Answers the requests that are due or for which there is something. */
    private void answer() {
        while (!parked.isEmpty()) {
            Parked oldest = parked.element();
            boolean over = oldest.isOver(context.clock().millis());
            if (over && oldest.command().maxWaitMs() > 0) {
                refuseEarly();
            }
            boolean due = over || parked.size() >= ReplicaFetchCommand.MAX_OUTSTANDING;
            List<Found> found = collect(oldest.command().maxBytes(), due);
            if (found.isEmpty() && !due) {
                timeWait(oldest);
                return;
            }
            parked.remove();
            oldest.done().accept(new ReplicaFetched(ErrorCode.NONE, id, found));
        }
    }

    /** A whole wait has not brought the metadata: the follower is told, and pauses. */
    private void refuseEarly() {
        early.forEach(this::becomesReady);
        early.clear();
    }

    private List<Found> collect(int maxBytes, boolean due) {
        List<Found> found = new ArrayList<>();
        int bytes = 0;
        for (StandingAsk ask = ready.poll(); ask != null; ask = ready.poll()) {
            ask.isRead();
            if (!stands(ask)) {
                continue;
            }
            Found result = look(ask, Math.max(0, maxBytes - bytes), bytes == 0);
            if (result == null) {
                ask.becomesReady();
                ready.addFirst(ask);
                break;
            }
            if (result.endsAsk()) {
                answered(ask, result);
                found.add(result);
                bytes += result.records().sizeBytes();
            }
        }
        context.bytesOut().add(bytes);
        if (due || newsDue || !found.isEmpty()) {
            tellNews(found);
        } else {
            timeNews();
        }
        return found;
    }

    /** What ends the ask, or nothing, and it is watched; null when that does not fit any more. */
    private @Nullable Found look(StandingAsk ask, int maxBytes, boolean atLeastOneBatch) {
        for (int looks = 0; looks < MOST_LOOKS; looks++) {
            Found result = ask.read(context.maxRecords(), maxBytes, atLeastOneBatch);
            if (result.endsAsk()) {
                return result;
            }
            result.records().release();
            boolean isNews = ask.isNews(result);
            if (isNews) {
                news.add(ask);
            }
            if (ask.watch(isNews)) {
                return result;
            }
            if (!atLeastOneBatch) {
                break;
            }
        }
        return null;
    }

    private void answered(StandingAsk ask, Found result) {
        standing.remove(ask.id());
        news.remove(ask);
        if (result.records().sizeBytes() > 0) {
            told.put(ask.id(), ask.told(result));
        } else {
            told.remove(ask.id());
        }
    }

    /** Adds the high watermarks that were not told; their asks go on standing. */
    private void tellNews(List<Found> found) {
        newsDue = false;
        for (StandingAsk ask : news) {
            Found result = ask.read(context.maxRecords(), 0, false);
            result.records().release();
            ask.unwatch();
            if (!result.endsAsk()) {
                told.put(ask.id(), ask.told(result));
                found.add(result);
            }
            if (result.endsAsk() || !ask.watch(false)) {
                becomesReady(ask);
            }
        }
        news.clear();
    }

    private void timeNews() {
        if (!newsTimed && !news.isEmpty()) {
            newsTimed = true;
            after(
                    NEWS_MS,
                    () -> {
                        newsTimed = false;
                        newsDue = !news.isEmpty();
                        answer();
                    });
        }
    }

    private void timeWait(Parked oldest) {
        if (!waitTimed) {
            waitTimed = true;
            long waited = context.clock().millis() - oldest.sinceMs();
            after(
                    Math.max(1, oldest.command().maxWaitMs() - waited),
                    () -> {
                        waitTimed = false;
                        answer();
                    });
        }
    }

    private void after(long delayMs, Runnable step) {
        context.timer().after(delayMs, () -> turn(step));
    }

    /** The follower's connection is gone, and with it everything that it asked. */
    private void forget() {
        ended = true;
        standing.values().forEach(StandingAsk::unwatch);
        standing.clear();
        told.clear();
        ready.clear();
        news.clear();
        early.clear();
        parked.clear();
    }

    private void refuseAll(ErrorCode error) {
        List<Parked> refused = List.copyOf(parked);
        forget();
        refused.forEach(each -> refuse(each, error));
    }

    private static void refuse(Parked request, ErrorCode error) {
        request.done().accept(ReplicaFetched.refused(error));
    }
}
