package io.mlog.client;

import io.mlog.protocol.NewRecord;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;

/**
 * Where senders' threads put the records of one partition and the event loop takes them away in
 * batches. Guarded by its own lock, held for moments. Its size is bounded by {@link BufferedBytes}.
 *
 * <p>A batch leaves when it is full or has lingered; until it is taken it grows.
 */
final class Inbox {
    /** What a record takes in a batch besides its key, value and headers, at the most usual. */
    private static final int RECORD_OVERHEAD_BYTES = 12;

    private final ProducerConfig config;
    private final LongSupplier clock;
    private final ArrayDeque<OutgoingBatch> batches = new ArrayDeque<>();
    private boolean lastIsOpen;
    private boolean closed;

    Inbox(ProducerConfig config, LongSupplier clock) {
        this.config = config;
        this.clock = clock;
    }

    /**
     * What came of adding a record.
     *
     * @param wake whether there is something new for the event loop: the first record of a batch,
     *     or a full batch
     * @param full whether the batch took its last record
     */
    record Added(CompletableFuture<Acknowledged> acknowledgement, boolean wake, boolean full) {}

    /** Adds a record; empty when the inbox is closed. */
    synchronized Optional<Added> add(NewRecord record, int sizeBytes, long reservedBytes) {
        if (closed) {
            return Optional.empty();
        }
        int recordBytes = sizeBytes + RECORD_OVERHEAD_BYTES;
        boolean first = !lastIsOpen;
        if (lastIsOpen && batches.getLast().bytes() + recordBytes > config.maxBatchBytes()) {
            first = true;
        }
        if (first) {
            batches.add(
                    new OutgoingBatch(
                            Deadline.in(config.deliveryTimeout().toMillis(), clock),
                            clock.getAsLong()));
        }
        OutgoingBatch batch = batches.getLast();
        CompletableFuture<Acknowledged> acknowledgement =
                batch.add(record, recordBytes, reservedBytes);
        boolean full =
                batch.count() >= config.maxBatchRecords()
                        || batch.bytes() >= config.maxBatchBytes();
        lastIsOpen = !full;
        return Optional.of(new Added(acknowledgement, first || full, full));
    }

    /** The next batch that may leave, sealed. */
    synchronized Optional<OutgoingBatch> take() {
        if (batches.isEmpty()) {
            return Optional.empty();
        }
        boolean open = lastIsOpen && batches.size() == 1;
        if (open && lingerLeftNanos() > 0) {
            return Optional.empty();
        }
        if (open) {
            lastIsOpen = false;
        }
        return Optional.of(batches.remove());
    }

    /** When the batch that lingers may leave, in ns from now; empty when none lingers. */
    synchronized OptionalLong untilNext() {
        return lastIsOpen && batches.size() == 1
                ? OptionalLong.of(Math.max(0, lingerLeftNanos()))
                : OptionalLong.empty();
    }

    /** Lets no batch linger any longer, and lists those that have not left. */
    synchronized List<OutgoingBatch> seal() {
        lastIsOpen = false;
        return new ArrayList<>(batches);
    }

    /** Seals, takes no more records, and gives out what is left. */
    synchronized List<OutgoingBatch> close() {
        closed = true;
        List<OutgoingBatch> left = seal();
        batches.clear();
        return left;
    }

    private long lingerLeftNanos() {
        return batches.getFirst().openedNanos() + config.linger().toNanos() - clock.getAsLong();
    }
}
