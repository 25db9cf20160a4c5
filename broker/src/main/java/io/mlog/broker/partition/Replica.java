package io.mlog.broker.partition;

import io.mlog.core.producer.ProducerStates;
import io.mlog.core.replication.HighWatermark;
import io.mlog.core.replication.HighWatermark.Durability;
import io.mlog.model.ErrorCode;
import io.mlog.model.MlogException;
import io.mlog.model.TopicId;
import io.mlog.model.TopicPartition;
import io.mlog.storage.PartitionLog;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * This broker's copy of a partition: the lock, the present role, and what it has whatever its role:
 * the log, the producers' sequences, the high watermark, and who waits for it. Shared by the doors
 * of one {@link Partition}; guarded by {@code lock}, but for the volatile values, which anyone
 * reads.
 */
final class Replica {
    final ReentrantLock lock = new ReentrantLock();
    final TopicPartition name;
    final TopicId topicId;
    final PartitionLog log;
    final ProducerStates producers;
    final PartitionPorts ports;
    final Effects effects = new Effects();
    final ParkedProduces parked;
    final RefusalLedger refusals = new RefusalLedger();
    final Watchers consumers = new Watchers();
    final FollowerWatchers followers = new FollowerWatchers();
    final CommitFollowers commits = new CommitFollowers();
    final HighWatermark highWatermark;
    private final Partition partition;
    private final Condition cutEnded = lock.newCondition();
    private volatile Role role = Waiting.FOR_METADATA;
    private volatile @Nullable Stopped stopped;
    private boolean cutting;
    private volatile PartitionSettings settings;
    private volatile long readableEnd;
    private volatile long toldHighWatermark = HighWatermark.UNKNOWN;

    /** Whether others were told the high watermark at some time in this life. */
    private boolean everTold;

    /** Counts what readers may wait for, so that a watcher knows that it missed nothing. */
    private volatile long changes;

    /** Why it serves nobody any more. */
    record Stopped(ErrorCode error, String message) {}

    Replica(
            Partition partition,
            TopicPartition name,
            TopicId topicId,
            PartitionLog log,
            ProducerStates producers,
            PartitionSettings settings,
            long storedHighWatermark,
            PartitionPorts ports) {
        this.partition = partition;
        this.name = name;
        this.topicId = topicId;
        this.log = log;
        this.producers = producers;
        this.settings = settings;
        this.ports = ports;
        this.parked =
                new ParkedProduces(
                        ports.timer(),
                        effects,
                        partition::expireWaiting,
                        (error, message) -> refusals.note(error, message, ports.clock().millis()));
        this.highWatermark =
                new HighWatermark(
                        Math.max(
                                log.logStartOffset(),
                                Math.min(storedHighWatermark, log.logEndOffset())));
        this.readableEnd = highWatermark.value();
    }

    /** Runs {@code action} with the lock held, and afterwards what it made happen. */
    void locked(Runnable action) {
        lock.lock();
        try {
            action.run();
        } finally {
            lock.unlock();
        }
        effects.drain();
    }

    /** What it does at present. Any thread. */
    Role role() {
        return role;
    }

    void role(Role next) {
        role = next;
    }

    /** Why it serves nobody any more; null while it does. Any thread. */
    @Nullable Stopped stopped() {
        return stopped;
    }

    /** Ends serving: everybody who waits is told {@code message}. Idempotent. */
    void stop(ErrorCode error, String message) {
        if (stopped == null) {
            stopped = new Stopped(error, message);
            commits.endBefore(Integer.MAX_VALUE);
            parked.refuse(error, message);
            wakeAll();
        }
    }

    /** Whether the log is being cut: nobody else may write to it, and the role must stay. */
    boolean cutting() {
        return cutting;
    }

    void cutBegins() {
        cutting = true;
    }

    void cutEnds() {
        cutting = false;
        cutEnded.signalAll();
    }

    /** Gives the lock up until no cut is in progress. */
    void awaitCut() {
        while (cutting) {
            cutEnded.awaitUninterruptibly();
        }
    }

    /** Lets the fetchers ask again what to fetch. */
    void fetchable() {
        effects.add(() -> ports.followers().fetchable(partition));
    }

    /** Whether this broker serves as the leader. Any thread. */
    boolean leads() {
        return stopped == null && role instanceof Leading;
    }

    /** Refuses what only a leader answers, unless this broker leads. Any thread. */
    void requireLeader() {
        if (!leads()) {
            AppendOutcome.Refused refusal = refused();
            throw new MlogException(refusal.error(), refusal.message());
        }
    }

    /** Why a producer is refused here. Any thread. */
    AppendOutcome.Refused refused() {
        Stopped why = stopped;
        return why == null
                ? new AppendOutcome.Refused(ErrorCode.NOT_LEADER, notLeading())
                : new AppendOutcome.Refused(why.error, why.message);
    }

    /** Why nobody writes here in the leader epoch {@code asked}, though this broker leads. */
    AppendOutcome.Refused ledAnew(int asked) {
        return new AppendOutcome.Refused(
                ErrorCode.NOT_LEADER,
                "this broker leads %s in leader epoch %d, no longer in %d"
                        .formatted(name, role.leaderEpoch(), asked));
    }

    /** Why it does not do what a leader does. */
    String notLeading() {
        Role now = role;
        String who =
                switch (now) {
                    case Leading leading -> "broker " + ports.self().brokerId() + " does";
                    case Following following -> "broker " + following.leaderId() + " does";
                    case Waiting waiting -> "nobody does at present";
                };
        return "this broker does not lead %s, %s in leader epoch %d"
                .formatted(name, who, now.leaderEpoch());
    }

    PartitionSettings settings() {
        return settings;
    }

    void settings(PartitionSettings next) {
        settings = next;
    }

    boolean flushesBeforeItCounts() {
        return settings.durability() == Durability.GROUP;
    }

    /** Whether everything in the log is as safe as the topic's durability demands. */
    boolean isSafe() {
        return !flushesBeforeItCounts() || log.flushedOffset() >= log.logEndOffset();
    }

    /** Asks for a flush of what is in the log. */
    void flushSoon() {
        ports.flusher().schedule(partition);
    }

    /** First offset that no consumer may read. Any thread. */
    long readableEnd() {
        return readableEnd;
    }

    /**
     * The high watermark as others are told it: {@link HighWatermark#UNKNOWN} while a higher one
     * may have been told before, by a leader or by this broker in an earlier life (R8). Any thread.
     */
    long toldHighWatermark() {
        return toldHighWatermark;
    }

    /** Any thread. */
    long changes() {
        return changes;
    }

    /** Whether others were told the high watermark before, in this life. */
    boolean everTold() {
        return everTold;
    }

    /**
     * Publishes the high watermark and wakes whom that concerns.
     *
     * @param known whether others may be told it
     */
    void publish(boolean known) {
        long value = highWatermark.value();
        long told = known ? value : HighWatermark.UNKNOWN;
        if (value == readableEnd && told == toldHighWatermark) {
            return;
        }
        everTold |= known;
        if (value != readableEnd) {
            commits.moved(value, effects);
        }
        readableEnd = value;
        toldHighWatermark = told;
        parked.release(value);
        wakeConsumers();
        wakeFollowers();
    }

    /** Wakes the followers that have not seen the present log end or high watermark. */
    void wakeFollowers() {
        followers.wake(log.logEndOffset(), toldHighWatermark, effects);
    }

    /** Wakes everybody: the role has changed, or there is none any more. */
    void wakeAll() {
        wakeConsumers();
        followers.wakeAll(effects);
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // written under the partition's lock only
    private void wakeConsumers() {
        changes++;
        consumers.wake(effects);
    }
}
