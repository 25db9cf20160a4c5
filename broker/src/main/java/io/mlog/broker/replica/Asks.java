package io.mlog.broker.replica;

import io.mlog.broker.partition.FetchPosition;
import io.mlog.broker.partition.FollowedPartition;
import io.mlog.model.TopicIdPartition;
import io.mlog.services.ReplicaAsk;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The asks of one fetcher: which stand at the leader, which come next, which wait. Owner: the
 * fetcher's; knows no time and no network. A partition is asked for again only after its former ask
 * was answered or voided, so an answer is never ambiguous. Bounded by the partitions that this
 * broker follows: one with nothing to ask of this leader is forgotten.
 */
final class Asks {
    private final int leaderId;
    private final FetcherLimits limits;
    private final ReplicationThrottle throttle;
    private final RandomGenerator random;
    private final Pauses pauses;
    private final Map<TopicIdPartition, Followed> followed = new LinkedHashMap<>();
    private final ArrayDeque<Followed> wanting = new ArrayDeque<>();
    private int standing;

    /** What ends pauses. */
    interface Pauses {
        /** Calls {@link Asks#pauseOver} with the same numbers after that time. */
        void begin(Followed partition, int pause, long delayMs);
    }

    Asks(
            int leaderId,
            FetcherLimits limits,
            ReplicationThrottle throttle,
            RandomGenerator random,
            Pauses pauses) {
        this.leaderId = leaderId;
        this.limits = limits;
        this.throttle = throttle;
        this.random = random;
        this.pauses = pauses;
    }

    /** How many asks stand at the leader. */
    int standing() {
        return standing;
    }

    /** The partition may have something new to ask. */
    void wake(FollowedPartition partition) {
        TopicIdPartition id =
                new TopicIdPartition(partition.topicId(), partition.name().partition());
        Followed known = followed.get(id);
        if (known == null) {
            Followed fresh = new Followed(id, partition);
            followed.put(id, fresh);
            wanting.add(fresh);
            return;
        }
        known.is(partition);
        if (known.state() == Followed.State.PAUSED && hasMovedOn(known)) {
            known.resume();
            wanting.add(known);
        }
    }

    private static boolean hasMovedOn(Followed paused) {
        Optional<FetchPosition> position = paused.partition().position();
        return position.isEmpty() || !paused.repeats(position.get());
    }

    /** Takes the next asks out for a request: they stand from now on. */
    List<ReplicaAsk> next() {
        List<ReplicaAsk> asks = new ArrayList<>();
        for (Followed next = wanting.poll(); next != null; next = wanting.poll()) {
            FetchPosition position = next.partition().position().orElse(null);
            if (position == null || position.leaderId() != leaderId) {
                followed.remove(next.id());
            } else if (next.repeats(position)) {
                pause(next, limits.partitionPauses().delayMs(next.failed(), random));
            } else {
                long throttledMs = throttle.delayMs(next.id());
                if (throttledMs > 0) {
                    pause(next, throttledMs);
                } else {
                    next.ask(position);
                    standing++;
                    asks.add(ask(next.id(), position));
                }
            }
            if (asks.size() == limits.maxAsks()) {
                break;
            }
        }
        return asks;
    }

    private ReplicaAsk ask(TopicIdPartition id, FetchPosition position) {
        return new ReplicaAsk(
                id,
                position.leaderEpoch(),
                position.fetchOffset(),
                position.lastFetchedEpoch(),
                position.logStartOffset(),
                throttle.mostBytes(id, limits.maxPartitionBytes()));
    }

    private void pause(Followed partition, long delayMs) {
        pauses.begin(partition, partition.pause(), delayMs);
    }

    /** A pause has ended by time, unless it was cut short before. */
    void pauseOver(Followed partition, int pause) {
        if (partition.isInPause(pause)) {
            partition.resume();
            wanting.add(partition);
        }
    }

    /** The partition whose ask stands under that id; null when none does. */
    @Nullable Followed asked(TopicIdPartition id) {
        Followed known = followed.get(id);
        return known != null && known.state() == Followed.State.ASKED ? known : null;
    }

    /** The partition's ask is answered; it wants the next one. */
    void answered(Followed partition) {
        partition.answered();
        standing--;
        wanting.add(partition);
    }

    /** No ask that stands will be answered: all are wanted again. */
    void voidStanding() {
        for (Followed each : followed.values()) {
            if (each.state() == Followed.State.ASKED) {
                each.unanswered();
                wanting.add(each);
            }
        }
        standing = 0;
    }

    /** Every partition that is known, which is forgotten. */
    List<FollowedPartition> forgetAll() {
        List<FollowedPartition> all = followed.values().stream().map(Followed::partition).toList();
        followed.clear();
        wanting.clear();
        standing = 0;
        return all;
    }
}
