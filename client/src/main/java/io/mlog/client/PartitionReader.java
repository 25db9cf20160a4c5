package io.mlog.client;

import io.mlog.model.ErrorCode;
import io.mlog.model.MlogException;
import io.mlog.model.TopicPartition;
import io.mlog.protocol.FetchBatch;
import io.mlog.protocol.ListOffsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads one partition ahead of the consumer: one request at a time, and at most {@value #MAX_AHEAD}
 * responses that were not used up. Owned by the event loop.
 *
 * <p>Records that retention has deleted before they were read are skipped, with a warning in the
 * log. Any other trouble is delivered, and nothing more is read until {@link #resume}.
 */
final class PartitionReader {
    private static final Logger LOG = LoggerFactory.getLogger(PartitionReader.class);
    private static final int MAX_AHEAD = 2;
    private static final long MAX_PAUSE_MS = 10;

    private final TopicPartition partition;
    private final ConsumerConfig config;
    private final ClusterCaller caller;
    private final ReadAhead readAhead;
    private long nextOffset;
    private boolean asking;
    private long askedNanos;
    private boolean paused;
    private boolean stopped;
    private int ahead;

    PartitionReader(
            TopicPartition partition,
            long startOffset,
            ConsumerConfig config,
            ClusterCaller caller,
            ReadAhead readAhead) {
        this.partition = partition;
        this.nextOffset = startOffset;
        this.config = config;
        this.caller = caller;
        this.readAhead = readAhead;
    }

    /** Which partition; any thread. */
    TopicPartition partition() {
        return partition;
    }

    /** Asks for more when there is reason to. */
    void read() {
        if (stopped || asking || paused || ahead >= MAX_AHEAD || !readAhead.hasRoom()) {
            return;
        }
        asking = true;
        askedNanos = caller.clock().getAsLong();
        int maxWaitMs = Math.toIntExact(config.maxWait().toMillis());
        FetchBatch.Request request =
                new FetchBatch.Request(
                        partition.topic(),
                        partition.partition(),
                        nextOffset,
                        config.fetchMaxRecords(),
                        config.fetchMaxBytes(),
                        maxWaitMs,
                        config.allowFollower());
        Deadline deadline =
                Deadline.in(
                        maxWaitMs + config.connection().requestTimeout().toMillis(),
                        caller.clock());
        CompletableFuture<FetchBatch.Response> response =
                config.allowFollower()
                        ? caller.replica(partition, request, deadline)
                        : caller.leader(partition, request, deadline);
        response.whenComplete(loudly(this::answered));
    }

    /** A response was used up. */
    void used() {
        ahead--;
        read();
    }

    /** The trouble was told; try again. */
    void resume() {
        paused = false;
        read();
    }

    /** Reads no more; what is on its way is dropped. */
    void stop() {
        stopped = true;
    }

    private void answered(FetchBatch.@Nullable Response response, @Nullable Throwable failure) {
        asking = false;
        if (stopped) {
            return;
        }
        if (response != null && response.nextOffset() > nextOffset) {
            nextOffset = response.nextOffset();
            ahead++;
            readAhead.put(Delivery.Records.of(this, response));
            read();
            return;
        }
        if (response != null) {
            readSoon();
            return;
        }
        MlogException problem = problem(failure);
        if (problem.code() == ErrorCode.OFFSET_OUT_OF_RANGE) {
            skipDeleted(problem);
        } else {
            tell(problem);
        }
    }

    /** A broker that does not wait although there is nothing is not asked without a pause. */
    private void readSoon() {
        long waitedMs = (caller.clock().getAsLong() - askedNanos) / 1_000_000;
        long pauseMs = Math.min(MAX_PAUSE_MS, config.maxWait().toMillis() - waitedMs);
        if (pauseMs <= 0) {
            read();
            return;
        }
        asking = true;
        caller.loop()
                .schedule(
                        () -> {
                            asking = false;
                            read();
                        },
                        pauseMs,
                        TimeUnit.MILLISECONDS);
    }

    private void skipDeleted(MlogException problem) {
        asking = true;
        caller.leader(
                        partition,
                        new ListOffsets.Request(
                                partition.topic(),
                                partition.partition(),
                                new ListOffsets.At.Earliest(),
                                false),
                        caller.requestDeadline())
                .whenComplete(
                        loudly((found, failure) -> {
                            asking = false;
                            if (failure != null) {
                                tell(problem(failure));
                            } else if (found.offset().orElse(0) > nextOffset) {
                                long start = found.offset().orElseThrow();
                                LOG.warn(
                                        "{}: offsets {} to {} were deleted before they were read;"
                                                + " going on at {}",
                                        partition,
                                        nextOffset,
                                        start - 1,
                                        start);
                                nextOffset = start;
                                read();
                            } else {
                                tell(problem);
                            }
                        }));
    }

    /** A bug of ours is told like any other trouble. */
    private <T> BiConsumer<T, Throwable> loudly(BiConsumer<T, @Nullable Throwable> action) {
        return Guarded.callback(
                action,
                bug -> {
                    LOG.error("the client's reader of {} failed", partition, bug);
                    tell(problem(bug));
                });
    }

    private void tell(MlogException problem) {
        paused = true;
        readAhead.put(new Delivery.Trouble(this, problem));
    }

    private static MlogException problem(@Nullable Throwable failure) {
        return failure != null
                        && AttemptFailedException.unwrap(failure) instanceof MlogException refusal
                ? refusal
                : new MlogException(
                        ErrorCode.UNKNOWN_SERVER_ERROR,
                        "the client met a bug of its own while reading: " + failure);
    }
}
