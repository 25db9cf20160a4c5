package io.mlog.broker.partition;

import io.mlog.broker.flush.FlushTarget;
import io.mlog.broker.flush.FlushTicket;
import io.mlog.broker.flush.Flusher;
import io.mlog.core.producer.ProducerStates;
import io.mlog.core.producer.SequenceOutcome;
import io.mlog.core.replication.HighWatermark;
import io.mlog.core.replication.HighWatermark.Durability;
import io.mlog.core.replication.WaitingProduces;
import io.mlog.model.ErrorCode;
import io.mlog.model.MlogException;
import io.mlog.model.TopicId;
import io.mlog.model.TopicPartition;
import io.mlog.records.BatchHeader;
import io.mlog.records.BatchStamp;
import io.mlog.records.RecordsSlice;
import io.mlog.services.FetchCommand;
import io.mlog.services.PartitionFetched;
import io.mlog.services.PartitionStatus;
import io.mlog.storage.LogConfig;
import io.mlog.storage.PartitionLog;
import java.nio.ByteBuffer;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * One replica that this broker hosts and leads: its log, the sequences of its idempotent producers,
 * its high watermark, and the requests that wait for it.
 *
 * <p>Everything mutable is guarded by {@code lock}, which is held for an append to the page cache
 * at most: never while waiting for fsync, network or another partition. Replies and wake-ups are
 * effects that run after it is released. Readers take no lock: they read the log's published
 * segments below the published high watermark.
 *
 * <p>Invariants: log start ≤ high watermark ≤ log end; with {@link Durability#GROUP} the high
 * watermark never passes the flushed offset. It does not decide who leads: {@code leaderEpoch}
 * comes from the metadata.
 */
public final class Partition implements FlushTarget {
    /** Most produce requests that may wait for one partition's high watermark. */
    private static final int MAX_WAITING_PRODUCES = 100_000;

    private final TopicPartition name;
    private final TopicId topicId;
    private final PartitionLog log;
    private final ProducerStates producers;
    private final Flusher flusher;
    private final Timer timer;
    private final InstantSource clock;
    private final FlushTicket ticket = new FlushTicket();
    private final ReentrantLock lock = new ReentrantLock();
    private final Effects effects = new Effects();
    private final HighWatermark highWatermark;
    private final WaitingProduces<CommitListener> waitingProduces =
            new WaitingProduces<>(MAX_WAITING_PRODUCES);
    private final Set<AdvanceListener> watchers = new LinkedHashSet<>();
    private volatile long exposedHighWatermark;
    private volatile PartitionSettings settings;
    private volatile int leaderEpoch;
    private volatile @Nullable Stopped stopped;
    private boolean expiryScheduled;

    private record Stopped(ErrorCode error, String message) {}

    /**
     * Takes over a recovered log, with the producer states that its recovery has rebuilt.
     *
     * @param storedHighWatermark the last one that was recorded, at most the log end counts
     */
    public Partition(
            TopicPartition name,
            TopicId topicId,
            PartitionLog log,
            ProducerStates producers,
            PartitionSettings settings,
            int leaderEpoch,
            long storedHighWatermark,
            Flusher flusher,
            Timer timer,
            InstantSource clock) {
        this.name = name;
        this.topicId = topicId;
        this.log = log;
        this.producers = producers;
        this.settings = settings;
        this.leaderEpoch = leaderEpoch;
        this.flusher = flusher;
        this.timer = timer;
        this.clock = clock;
        long initial =
                Math.max(log.logStartOffset(), Math.min(storedHighWatermark, log.logEndOffset()));
        this.highWatermark = new HighWatermark(settings.durability(), initial);
        highWatermark.update(log.flushedOffset(), log.logEndOffset());
        this.exposedHighWatermark = highWatermark.value();
    }

    public TopicPartition name() {
        return name;
    }

    public TopicId topicId() {
        return topicId;
    }

    /** First offset not yet committed. Any thread. */
    public long highWatermark() {
        return exposedHighWatermark;
    }

    /** The configuration in force. Any thread. */
    public PartitionSettings settings() {
        return settings;
    }

    /** Puts a changed configuration or leadership into force. Any thread. */
    public void update(PartitionSettings newSettings, LogConfig logConfig, int newLeaderEpoch) {
        lock.lock();
        try {
            settings = newSettings;
            log.updateConfig(logConfig);
            leaderEpoch = Math.max(leaderEpoch, newLeaderEpoch);
            highWatermark.durability(newSettings.durability());
            advance();
        } finally {
            lock.unlock();
        }
        effects.drain();
    }

    /**
     * Appends batches that {@link io.mlog.records.BatchCheck} has passed, assigning their offsets
     * in place. With {@link Durability#GROUP} it also asks for a flush, which the high watermark
     * waits for.
     *
     * @param whenCommitted told when the records are committed, null when nobody waits; not called
     *     when the outcome is a refusal or says that they are committed already
     * @param timeoutMs how long {@code whenCommitted} waits
     */
    AppendOutcome append(
            ByteBuffer batches, @Nullable CommitListener whenCommitted, long timeoutMs) {
        AppendOutcome outcome;
        long now = clock.millis();
        lock.lock();
        try {
            outcome = appendLocked(batches, now);
            if (whenCommitted != null
                    && outcome instanceof AppendOutcome.Appended appended
                    && !appended.committed()) {
                outcome = park(appended, whenCommitted, now + timeoutMs);
            }
        } catch (MlogException refusal) {
            outcome = new AppendOutcome.Refused(refusal.code(), refusal.reason());
        } finally {
            lock.unlock();
        }
        effects.drain();
        return outcome;
    }

    private AppendOutcome appendLocked(ByteBuffer batches, long now) {
        Stopped why = stopped;
        if (why != null) {
            return new AppendOutcome.Refused(why.error, why.message);
        }
        int at = batches.position();
        long producerId = BatchHeader.producerId(batches, at);
        boolean idempotent = producerId != BatchHeader.NO_PRODUCER_ID;
        if (idempotent) {
            AppendOutcome known = checkSequence(batches, at, producerId, now);
            if (known != null) {
                return known;
            }
        }
        long stamp = -1;
        if (settings.stampsOnAppend()) {
            BatchStamp.logAppendTime(batches, at, now);
            stamp = now;
        }
        long baseOffset = log.append(batches, leaderEpoch, now);
        long endOffset = log.logEndOffset();
        if (idempotent) {
            producers.appended(
                    producerId,
                    BatchHeader.producerEpoch(batches, at),
                    BatchHeader.baseSequence(batches, at),
                    BatchHeader.recordCount(batches, at),
                    baseOffset,
                    now);
        }
        if (settings.durability() == Durability.GROUP) {
            flusher.schedule(this);
        } else {
            advance();
        }
        return new AppendOutcome.Appended(
                baseOffset,
                endOffset - 1,
                stamp,
                log.logStartOffset(),
                highWatermark.value() >= endOffset);
    }

    /** The outcome for a batch that must not be appended again or at all; null when it may be. */
    private @Nullable AppendOutcome checkSequence(
            ByteBuffer batches, int at, long producerId, long now) {
        SequenceOutcome outcome =
                producers.check(
                        producerId,
                        BatchHeader.producerEpoch(batches, at),
                        BatchHeader.baseSequence(batches, at),
                        BatchHeader.recordCount(batches, at),
                        now);
        return switch (outcome) {
            case SequenceOutcome.Accept() -> null;
            case SequenceOutcome.Duplicate(long baseOffset, long lastOffset) ->
                    new AppendOutcome.Appended(
                            baseOffset,
                            lastOffset,
                            -1,
                            log.logStartOffset(),
                            highWatermark.value() > lastOffset);
            case SequenceOutcome.Refuse(ErrorCode error, String message) ->
                    new AppendOutcome.Refused(error, name + ": " + message);
        };
    }

    private AppendOutcome park(
            AppendOutcome.Appended appended, CommitListener whenCommitted, long deadlineMs) {
        if (waitingProduces.full()) {
            return new AppendOutcome.Refused(
                    ErrorCode.NOT_ENOUGH_REPLICAS_AFTER_APPEND,
                    MAX_WAITING_PRODUCES
                            + " requests already wait for "
                            + name
                            + " to reach the disk; the records are appended, retry later");
        }
        waitingProduces.park(appended.lastOffset() + 1, deadlineMs, whenCommitted);
        if (!expiryScheduled) {
            scheduleExpiry(deadlineMs);
        }
        return appended;
    }

    private void scheduleExpiry(long deadlineMs) {
        expiryScheduled = true;
        timer.after(Math.max(1, deadlineMs - clock.millis()), this::expireWaiting);
    }

    private void expireWaiting() {
        lock.lock();
        try {
            long now = clock.millis();
            expiryScheduled = false;
            for (CommitListener late : waitingProduces.expire(now)) {
                String message = notInTime();
                effects.add(() -> late.failed(ErrorCode.REQUEST_TIMED_OUT, message));
            }
            waitingProduces.nextDeadlineMs().ifPresent(this::scheduleExpiry);
        } finally {
            lock.unlock();
        }
        effects.drain();
    }

    private String notInTime() {
        return "the records of "
                + name
                + " are appended but not committed in time: high watermark "
                + highWatermark.value()
                + ", log end "
                + log.logEndOffset()
                + "; they may still become committed";
    }

    /** Takes the log's present ends in; the lock is held. */
    private void advance() {
        if (!highWatermark.update(log.flushedOffset(), log.logEndOffset())) {
            return;
        }
        long value = highWatermark.value();
        exposedHighWatermark = value;
        for (CommitListener committed : waitingProduces.release(value)) {
            effects.add(committed::committed);
        }
        wakeWatchers();
    }

    private void wakeWatchers() {
        if (!watchers.isEmpty()) {
            List<AdvanceListener> woken = new ArrayList<>(watchers);
            watchers.clear();
            woken.forEach(watcher -> effects.add(watcher::advanced));
        }
    }

    /**
     * Reads from the log, below the high watermark. Any thread; takes no lock; may block on a cold
     * page.
     */
    PartitionFetched read(
            FetchCommand.PartitionFetch wanted, int maxBytes, boolean atLeastOneBatch) {
        Stopped why = stopped;
        if (why != null) {
            return PartitionFetched.refused(name, why.error, why.message);
        }
        int epoch = wanted.currentLeaderEpoch();
        if (epoch != FetchCommand.NO_EPOCH && epoch != leaderEpoch) {
            return epoch < leaderEpoch
                    ? PartitionFetched.refused(
                            name, ErrorCode.FENCED_LEADER_EPOCH, epochDiffers(epoch, "older"))
                    : PartitionFetched.refused(
                            name, ErrorCode.UNKNOWN_LEADER_EPOCH, epochDiffers(epoch, "newer"));
        }
        long limit = exposedHighWatermark;
        long logStart = log.logStartOffset();
        if (wanted.offset() < logStart || wanted.offset() > log.logEndOffset()) {
            return new PartitionFetched(
                    name,
                    ErrorCode.OFFSET_OUT_OF_RANGE,
                    "offset %d of %s is not in its log: %d to %d"
                            .formatted(wanted.offset(), name, logStart, log.logEndOffset()),
                    limit,
                    limit,
                    logStart,
                    Optional.empty(),
                    RecordsSlice.EMPTY);
        }
        try {
            RecordsSlice records =
                    wanted.offset() >= limit || (maxBytes <= 0 && !atLeastOneBatch)
                            ? RecordsSlice.EMPTY
                            : log.read(wanted.offset(), maxBytes, limit, atLeastOneBatch);
            return PartitionFetched.found(name, limit, limit, logStart, records);
        } catch (MlogException refusal) {
            return new PartitionFetched(
                    name,
                    refusal.code(),
                    refusal.reason(),
                    limit,
                    limit,
                    logStart,
                    Optional.empty(),
                    RecordsSlice.EMPTY);
        }
    }

    private String epochDiffers(int asked, String which) {
        return "leader epoch %d of the request is %s than %d, in which this broker leads %s"
                .formatted(asked, which, leaderEpoch, name);
    }

    /**
     * Registers {@code watcher} to be told once when the high watermark leaves {@code seen} or the
     * partition stops.
     *
     * @return false when that has happened already; the watcher is then not registered
     */
    boolean watch(AdvanceListener watcher, long seen) {
        lock.lock();
        try {
            boolean waits = stopped == null && highWatermark.value() == seen;
            if (waits) {
                watchers.add(watcher);
            }
            return waits;
        } finally {
            lock.unlock();
        }
    }

    /** Forgets a watcher. */
    void unwatch(AdvanceListener watcher) {
        lock.lock();
        try {
            watchers.remove(watcher);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public FlushTicket ticket() {
        return ticket;
    }

    /** Forces the log to disk and lets the high watermark follow. */
    @Override
    public long flush() {
        if (stopped != null) {
            return 0;
        }
        long before = log.flushedOffset();
        try {
            log.flush();
        } catch (MlogException failure) {
            stop(failure.code(), failure.reason());
            return 0;
        }
        lock.lock();
        try {
            advance();
        } finally {
            lock.unlock();
        }
        effects.drain();
        return log.flushedOffset() - before;
    }

    /** Ends serving: everybody who waits is told {@code message}. Idempotent. */
    public void stop(ErrorCode error, String message) {
        lock.lock();
        try {
            if (stopped == null) {
                stopped = new Stopped(error, message);
                for (CommitListener waiting : waitingProduces.drain()) {
                    effects.add(() -> waiting.failed(error, message));
                }
                wakeWatchers();
            }
        } finally {
            lock.unlock();
        }
        effects.drain();
    }

    /**
     * Raises the log start offset to {@code offset}, at most the high watermark; answers the new
     * one.
     */
    long deleteBefore(long offset) {
        lock.lock();
        try {
            long upTo = offset == -1 ? highWatermark.value() : offset;
            if (upTo < 0 || upTo > highWatermark.value()) {
                throw new MlogException(
                        ErrorCode.OFFSET_OUT_OF_RANGE,
                        "records of %s can be deleted before offset 0 to %d (its high watermark), not %d"
                                .formatted(name, highWatermark.value(), offset));
            }
            log.advanceLogStart(upTo);
            return log.logStartOffset();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Drops the segments that retention lets go, and gives back those that nobody reads any more.
     */
    public void clean() {
        PartitionSettings now = settings;
        lock.lock();
        try {
            producers.expire(clock.millis());
            if (stopped == null) {
                log.deleteExpired(
                        clock.millis(),
                        now.retentionMs(),
                        now.retentionBytes(),
                        highWatermark.value());
            }
        } finally {
            lock.unlock();
        }
        log.reapDeleted();
    }

    /** The log, for look-ups by time and for the store that opened it. */
    public PartitionLog log() {
        return log;
    }

    int leaderEpoch() {
        return leaderEpoch;
    }

    /** The present state, for people and metrics. Any thread. */
    public PartitionStatus status() {
        Stopped why = stopped;
        return new PartitionStatus(
                name,
                log.logStartOffset(),
                exposedHighWatermark,
                log.logEndOffset(),
                log.flushedOffset(),
                log.sizeBytes(),
                log.segmentCount(),
                why == null,
                why == null ? "" : why.message);
    }
}
