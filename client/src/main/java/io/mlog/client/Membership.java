package io.mlog.client;

import io.mlog.model.ErrorCode;
import io.mlog.model.MlogException;
import io.mlog.model.TopicPartition;
import io.mlog.protocol.CommitOffset;
import io.mlog.protocol.GroupHeartbeat;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A consumer's part in a group: joins, gives signs of life, is told what to read and tells what it
 * reads. Owned by the event loop; {@link #current} and {@link #polled} may come from any thread.
 *
 * <p>One heartbeat is under way at a time. A change of what is read is told at once, or behind the
 * heartbeat under way. When the coordinator knows the member no longer, everything is lost and it
 * joins again under the same id. A consumer that does not poll for longer than it may leaves, so
 * that others go on with its partitions, and joins again when it polls.
 */
final class Membership {
    private static final Logger LOG = LoggerFactory.getLogger(Membership.class);

    /** Time between heartbeats before the coordinator has told one. */
    private static final long FIRST_INTERVAL_MS = 1000;

    /** How long the leaving is waited for. */
    private static final Duration LEAVE_PATIENCE = Duration.ofSeconds(2);

    private final ClusterCaller caller;
    private final ReadAhead readAhead;
    private final String group;
    private final String topic;
    private final String memberId;
    private final Duration maxPollInterval;
    private volatile Optional<CommitOffset.Membership> current = Optional.empty();
    private volatile long polledNanos;
    private int epoch = GroupHeartbeat.JOIN;
    private List<TopicPartition> owned = List.of();
    private boolean ownedTold;
    private boolean asking;
    private boolean away;
    private boolean left;
    private @Nullable Future<?> next;

    Membership(
            ClusterCaller caller,
            ReadAhead readAhead,
            String group,
            String topic,
            String memberId,
            Duration maxPollInterval) {
        this.caller = caller;
        this.readAhead = readAhead;
        this.group = group;
        this.topic = topic;
        this.memberId = memberId;
        this.maxPollInterval = maxPollInterval;
    }

    /** What commits are made under; empty while it is no member. Any thread. */
    Optional<CommitOffset.Membership> current() {
        return current;
    }

    /** The consumer polls. Any thread. */
    void polled() {
        polledNanos = caller.clock().getAsLong();
    }

    /** Joins, or joins again after an absence. */
    void join() {
        if (left || (epoch != GroupHeartbeat.JOIN && !away)) {
            return;
        }
        away = false;
        beat();
    }

    /** What is read from now on, after an assignment was acted on. */
    void owns(List<TopicPartition> partitions) {
        owned = List.copyOf(partitions);
        ownedTold = false;
        beat();
    }

    /** Leaves for good; completes when the coordinator knows, or cannot be told in time. */
    CompletableFuture<Boolean> leave() {
        boolean member = current.isPresent();
        left = true;
        current = Optional.empty();
        cancelNext();
        return member ? tellLeaving() : CompletableFuture.completedFuture(true);
    }

    private CompletableFuture<Boolean> tellLeaving() {
        return caller.coordinator(
                        group,
                        request(GroupHeartbeat.LEAVE, Optional.empty(), Optional.empty()),
                        Deadline.in(LEAVE_PATIENCE.toMillis(), caller.clock()))
                .handle((done, failure) -> failure == null);
    }

    private void beat() {
        if (asking || away || left) {
            return;
        }
        cancelNext();
        if (pausedTooLong()) {
            goAway();
            return;
        }
        asking = true;
        boolean joining = epoch == GroupHeartbeat.JOIN;
        if (joining) {
            owned = List.of();
        }
        boolean tell = joining || !ownedTold;
        ownedTold = true;
        caller.coordinator(
                        group,
                        request(
                                epoch,
                                joining ? Optional.of(List.of(topic)) : Optional.empty(),
                                tell ? Optional.of(owned) : Optional.empty()),
                        caller.requestDeadline())
                .whenComplete(Guarded.callback(this::answered, this::broken));
    }

    private void answered(GroupHeartbeat.@Nullable Response answer, @Nullable Throwable failure) {
        asking = false;
        if (left) {
            return;
        }
        if (answer != null) {
            take(answer);
        } else {
            failed(failure);
        }
    }

    private void take(GroupHeartbeat.Response answer) {
        epoch = answer.memberEpoch();
        current = Optional.of(new CommitOffset.Membership(memberId, epoch));
        answer.assignment()
                .ifPresent(partitions -> readAhead.put(new Delivery.Assignment(partitions)));
        if (ownedTold) {
            beatIn(answer.heartbeatIntervalMs());
        } else {
            beat();
        }
    }

    private void failed(@Nullable Throwable failure) {
        // It may not have arrived, so that it is told again.
        ownedTold = false;
        Throwable cause = failure == null ? null : AttemptFailedException.unwrap(failure);
        if (cause instanceof MlogException refusal) {
            switch (refusal.code()) {
                case UNKNOWN_MEMBER_ID, FENCED_MEMBER_EPOCH -> {
                    LOG.warn("group {}: the membership was lost: {}", group, refusal.reason());
                    lose();
                    beat();
                }
                case REQUEST_TIMED_OUT,
                        NOT_COORDINATOR,
                        COORDINATOR_NOT_AVAILABLE,
                        COORDINATOR_LOAD_IN_PROGRESS,
                        NOT_READY,
                        LEADER_NOT_AVAILABLE -> {
                    caller.notice(
                            "the coordinator of group %s does not answer, going on: %s"
                                    .formatted(group, refusal.reason()));
                    beatIn(FIRST_INTERVAL_MS);
                }
                default -> refused(refusal);
            }
        } else {
            broken(cause == null ? new IllegalStateException("no answer") : cause);
        }
    }

    /** Final for this attempt: the poll throws it, and the next poll tries again. */
    private void refused(MlogException refusal) {
        lose();
        away = true;
        readAhead.put(new Delivery.GroupTrouble(refusal));
    }

    private void broken(Throwable bug) {
        LOG.error("the client's membership of group {} failed", group, bug);
        asking = false;
        refused(
                new MlogException(
                        ErrorCode.UNKNOWN_SERVER_ERROR,
                        "the client met a bug of its own in group %s: %s".formatted(group, bug)));
    }

    private void lose() {
        epoch = GroupHeartbeat.JOIN;
        current = Optional.empty();
        readAhead.put(new Delivery.MembershipLost());
    }

    private boolean pausedTooLong() {
        return caller.clock().getAsLong() - polledNanos > maxPollInterval.toNanos();
    }

    private void goAway() {
        LOG.warn(
                "group {}: no poll for more than {} ms, so this member leaves and others read its partitions; it joins again at the next poll",
                group,
                maxPollInterval.toMillis());
        if (current.isPresent()) {
            tellLeaving();
        }
        lose();
        away = true;
    }

    private void beatIn(long delayMs) {
        cancelNext();
        next = caller.loop().schedule(this::due, delayMs, TimeUnit.MILLISECONDS);
    }

    private void due() {
        next = null;
        Guarded.run(this::beat, this::broken);
    }

    private void cancelNext() {
        if (next != null) {
            next.cancel(false);
            next = null;
        }
    }

    private GroupHeartbeat.Request request(
            int epoch, Optional<List<String>> topics, Optional<List<TopicPartition>> partitions) {
        return new GroupHeartbeat.Request(
                group,
                memberId,
                epoch,
                Math.toIntExact(maxPollInterval.toMillis()),
                topics,
                partitions);
    }
}
