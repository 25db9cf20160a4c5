package io.mlog.client;

import io.mlog.model.MlogException;
import io.mlog.model.TopicPartition;
import io.mlog.protocol.NewRecord;
import io.mlog.protocol.ProducerStamp;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Records of one partition that travel together, and what their senders wait for. Filled under the
 * lock of its {@link Inbox}; once sealed it belongs to the event loop.
 */
final class OutgoingBatch {
    private final List<NewRecord> records = new ArrayList<>();
    private final List<CompletableFuture<Acknowledged>> acknowledgements = new ArrayList<>();
    private final CompletableFuture<Boolean> done = new CompletableFuture<>();
    private final Deadline deadline;
    private final long openedNanos;
    private long bytes;
    private long reservedBytes;
    private Optional<ProducerStamp> stamp = Optional.empty();
    private boolean outcomeUnknown;
    private boolean hurried;
    private long place;

    OutgoingBatch(Deadline deadline, long openedNanos) {
        this.deadline = deadline;
        this.openedNanos = openedNanos;
    }

    CompletableFuture<Acknowledged> add(NewRecord record, int recordBytes, long reserved) {
        CompletableFuture<Acknowledged> acknowledgement = new CompletableFuture<>();
        records.add(record);
        acknowledgements.add(acknowledgement);
        bytes += recordBytes;
        reservedBytes += reserved;
        return acknowledgement;
    }

    List<NewRecord> records() {
        return records;
    }

    int count() {
        return records.size();
    }

    long bytes() {
        return bytes;
    }

    /** What was taken from {@link BufferedBytes} for it. */
    long reservedBytes() {
        return reservedBytes;
    }

    Deadline deadline() {
        return deadline;
    }

    long openedNanos() {
        return openedNanos;
    }

    /** Its place in the order in which the partition's batches left for the first time. */
    long place() {
        return place;
    }

    void place(long place) {
        this.place = place;
    }

    /** Producer and sequence; empty before it is sent, and without idempotence. */
    Optional<ProducerStamp> stamp() {
        return stamp;
    }

    void stamp(Optional<ProducerStamp> stamp) {
        this.stamp = stamp;
    }

    /** Whether an attempt may have been appended although nobody said so. */
    boolean outcomeUnknown() {
        return outcomeUnknown;
    }

    void outcomeIsUnknown() {
        outcomeUnknown = true;
    }

    /** Whether it had little time left when it left the last time. */
    boolean hurried() {
        return hurried;
    }

    void hurried(boolean hurried) {
        this.hurried = hurried;
    }

    /** Completes when the batch is acknowledged or has failed; never exceptionally. */
    CompletableFuture<Boolean> done() {
        return done;
    }

    void acknowledge(TopicPartition partition, long baseOffset) {
        for (int i = 0; i < acknowledgements.size(); i++) {
            long offset =
                    baseOffset == Acknowledged.UNKNOWN_OFFSET
                            ? Acknowledged.UNKNOWN_OFFSET
                            : baseOffset + i;
            acknowledgements.get(i).complete(new Acknowledged(partition, offset));
        }
        done.complete(true);
    }

    void fail(MlogException problem) {
        for (CompletableFuture<Acknowledged> acknowledgement : acknowledgements) {
            acknowledgement.completeExceptionally(problem);
        }
        done.complete(false);
    }
}
