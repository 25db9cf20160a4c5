package io.mlog.broker.replica;

import io.mlog.broker.partition.FetchPosition;
import io.mlog.broker.partition.FollowedPartition;
import io.mlog.broker.partition.FollowerListener;
import io.mlog.broker.partition.ReplicaData;
import io.mlog.model.ErrorCode;
import io.mlog.services.LeaderAnswer;
import io.mlog.services.ReplicaAsk;
import io.mlog.services.ReplicaFetchCommand;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Copies from one leader broker everything that this broker follows there
 * (docs/decisions/0023-asks-that-stand.md). Owner: the thread of its {@link ReplicaLink}; only
 * {@link #fetchable} and {@link #close} may be called from elsewhere.
 *
 * <p>What it keeps up: while any ask stands, at least one request is with the leader, so that an
 * append there is answered at once; and a partition that can be asked for is asked for at once, by
 * another request of the session, of which at most {@link ReplicaFetchCommand#MAX_OUTSTANDING} are
 * out. No timer is on this way. Pauses, with jitter, follow failures only: of the leader for all
 * its partitions, of a partition for it alone.
 *
 * <p>It decides nothing about logs: what an answer means is the partition's business.
 */
final class ReplicaFetcher {
    private static final Logger LOG = LoggerFactory.getLogger(ReplicaFetcher.class);

    private final BrokerEndpoint leader;
    private final FollowerContext context;
    private final ReplicaLink link;
    private final FollowerListener orphaned;
    private final Asks asks;
    private final Queue<FollowedPartition> woken = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean turnScheduled = new AtomicBoolean();

    private SessionState session = new SessionState.Idle();

    /** Number of the present session, so that answers to former ones are known. */
    private int generation;

    private int outstanding;
    private int failures;

    /**
     * Sends nothing before something is fetchable.
     *
     * @param orphaned told of the partitions that are left when the fetcher is closed
     */
    ReplicaFetcher(
            BrokerEndpoint leader,
            ReplicaLink link,
            FollowerContext context,
            FollowerListener orphaned) {
        this.leader = leader;
        this.link = link;
        this.context = context;
        this.orphaned = orphaned;
        this.asks =
                new Asks(
                        leader.brokerId(),
                        context.limits(),
                        context.throttle(),
                        context.random(),
                        this::pausePartition);
    }

    BrokerEndpoint leader() {
        return leader;
    }

    /** The partition may have something to ask of this leader. Any thread. */
    void fetchable(FollowedPartition partition) {
        woken.add(partition);
        if (turnScheduled.compareAndSet(false, true)) {
            link.execute(guarded(this::turn));
        }
    }

    /** Ends it; what it followed is handed on. Any thread; idempotent. */
    void close() {
        link.execute(
                guarded(() -> {
                    session = new SessionState.Closed();
                    generation++;
                    link.close();
                    asks.forgetAll().forEach(orphaned::fetchable);
                    turn();
                }));
    }

    private void turn() {
        turnScheduled.set(false);
        for (FollowedPartition next = woken.poll(); next != null; next = woken.poll()) {
            if (session instanceof SessionState.Closed) {
                orphaned.fetchable(next);
            } else {
                asks.wake(next);
            }
        }
        send();
    }

    private void send() {
        while (maySend()) {
            List<ReplicaAsk> next = asks.next();
            boolean needless = outstanding > 0 || asks.standing() == 0;
            if (next.isEmpty() && needless) {
                return;
            }
            request(next);
        }
    }

    private boolean maySend() {
        return switch (session) {
            case SessionState.Idle() -> true;
            case SessionState.Open(int sessionId, int epoch) ->
                    outstanding < ReplicaFetchCommand.MAX_OUTSTANDING;
            case SessionState.Opening(), SessionState.Paused(), SessionState.Closed() -> false;
        };
    }

    private void request(List<ReplicaAsk> next) {
        ReplicaFetchCommand command =
                switch (session) {
                    case SessionState.Open(int sessionId, int epoch) -> {
                        session =
                                new SessionState.Open(
                                        sessionId, ReplicaFetchCommand.epochAfter(epoch));
                        yield command(sessionId, epoch, context.limits().maxWaitMs(), next);
                    }
                    default -> {
                        session = new SessionState.Opening();
                        yield command(
                                ReplicaFetchCommand.NO_SESSION,
                                ReplicaFetchCommand.FIRST_EPOCH,
                                0,
                                next);
                    }
                };
        int of = generation;
        outstanding++;
        context.stats().requested(next.size());
        link.fetch(command, outcome -> guarded(() -> arrived(of, outcome)).run());
    }

    private ReplicaFetchCommand command(
            int sessionId, int epoch, int maxWaitMs, List<ReplicaAsk> next) {
        return new ReplicaFetchCommand(
                context.self(), sessionId, epoch, maxWaitMs, context.limits().maxBytes(), next);
    }

    private void arrived(int of, FetchOutcome outcome) {
        if (of != generation) {
            return; // its session has ended, and its asks are void
        }
        outstanding--;
        switch (outcome) {
            case FetchOutcome.Answered(LeaderAnswer answer) -> take(answer);
            case FetchOutcome.Lost lost -> lost(lost);
        }
        turn();
    }

    private void lost(FetchOutcome.Lost lost) {
        context.stats().lost(lost.cause());
        if (lost.cause() == FetchOutcome.Cause.UNREACHABLE) {
            context.hints().lost(leader.brokerId());
        }
        end(lost.reason());
    }

    private void take(LeaderAnswer answer) {
        if (answer.error() != ErrorCode.NONE) {
            context.stats().refused(answer.error());
            end("it refuses the request: " + answer.error());
        } else if (session instanceof SessionState.Opening) {
            opened(answer);
        } else if (session instanceof SessionState.Open open
                && open.sessionId() == answer.sessionId()) {
            failures = 0;
            answer.entries().forEach(this::take);
        } else {
            end("it answers for session " + answer.sessionId() + " in " + session);
        }
    }

    private void opened(LeaderAnswer answer) {
        if (answer.sessionId() == ReplicaFetchCommand.NO_SESSION) {
            end("it gives no session");
            return;
        }
        context.stats().opened();
        LOG.info("following {} in session {}", leader, answer.sessionId());
        session = new SessionState.Open(answer.sessionId(), 1);
        answer.entries().forEach(this::take);
    }

    private void take(LeaderAnswer.Entry entry) {
        Followed followed = asks.asked(entry.partition());
        if (followed == null) {
            return; // a leader that answers what was not asked is not listened to
        }
        FetchPosition asked = followed.asked();
        int bytes = entry.records().remaining();
        if (entry.endsAsk()) {
            asks.answered(followed);
        }
        if (bytes > 0) {
            context.stats().took(bytes);
            context.throttle().took(entry.partition(), bytes);
        }
        if (entry.error() == ErrorCode.NONE || entry.error() == ErrorCode.OFFSET_OUT_OF_RANGE) {
            followed.partition()
                    .received(
                            asked,
                            new ReplicaData(
                                    entry.error(),
                                    entry.highWatermark(),
                                    entry.logStartOffset(),
                                    entry.divergence(),
                                    entry.records()));
        }
        if (entry.error() != ErrorCode.NONE) {
            context.stats().refused(entry.error());
            LOG.debug("{} answers {} for {}", leader, entry.error(), followed.partition().name());
        }
    }

    /** Ends the session; the next one begins after a pause. */
    private void end(String reason) {
        generation++;
        outstanding = 0;
        failures++;
        asks.voidStanding();
        session = new SessionState.Paused();
        long pauseMs = context.limits().leaderPauses().delayMs(failures, context.random());
        if (failures == 1) {
            LOG.info("fetching from {} fails: {}; next try in {} ms", leader, reason, pauseMs);
        } else {
            LOG.debug("fetching from {} fails for the {}. time: {}", leader, failures, reason);
        }
        int of = generation;
        context.timer().after(pauseMs, () -> link.execute(guarded(() -> pauseOver(of))));
    }

    private void pauseOver(int of) {
        if (of == generation && session instanceof SessionState.Paused) {
            session = new SessionState.Idle();
            turn();
        }
    }

    private void pausePartition(Followed followed, int pause, long delayMs) {
        Runnable over =
                () -> {
                    asks.pauseOver(followed, pause);
                    send();
                };
        context.timer().after(delayMs, () -> link.execute(guarded(over)));
    }

    private Runnable guarded(Runnable task) {
        return () -> {
            try {
                task.run();
            } catch (RuntimeException | Error bug) {
                context.fatal().accept(bug);
            }
        };
    }
}
