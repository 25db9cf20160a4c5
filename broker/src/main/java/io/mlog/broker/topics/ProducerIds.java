package io.mlog.broker.topics;

import io.mlog.core.metadata.CommandResult;
import io.mlog.core.metadata.MetadataCommand;
import io.mlog.core.metadata.MetadataLog;
import io.mlog.services.ProducerIdentity;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Hands out producer ids from blocks reserved in the metadata log, so that no id is given twice,
 * whatever restarts: what is left of a block is lost with the process. Guarded by its monitor.
 */
public final class ProducerIds {
    private static final int BLOCK = 1000;

    private final MetadataLog log;
    private long next; // guarded by this
    private long end; // guarded by this
    private @Nullable CompletableFuture<Void> reserving; // guarded by this

    /** Reserves blocks in {@code log} as they are needed. */
    public ProducerIds(MetadataLog log) {
        this.log = log;
    }

    /** A fresh id with epoch 0; fails as {@link MetadataLog#submit} does. */
    public CompletableFuture<ProducerIdentity> next() {
        CompletableFuture<Void> reservation;
        synchronized (this) {
            if (next < end) {
                return CompletableFuture.completedFuture(new ProducerIdentity(next++, (short) 0));
            }
            reservation = reserving == null ? reserve() : reserving;
        }
        return reservation.thenCompose(reserved -> next());
    }

    /** Starts the one reservation that all who wait share; the monitor is held. */
    private CompletableFuture<Void> reserve() {
        CompletableFuture<Void> started = new CompletableFuture<>();
        reserving = started;
        log.submit(new MetadataCommand.AllocateProducerIds(BLOCK))
                .whenComplete((result, failure) -> reserved(started, result, failure));
        return started;
    }

    private void reserved(
            CompletableFuture<Void> waiting,
            @Nullable CommandResult result,
            @Nullable Throwable failure) {
        Throwable problem = failure;
        synchronized (this) {
            reserving = null;
            switch (result) {
                case CommandResult.Done(
                                long index,
                                CommandResult.Outcome.ProducerIds(long first, int count)) -> {
                    next = first;
                    end = first + count;
                }
                case CommandResult.Done done ->
                        problem = new IllegalStateException("reserving ids gave " + done.outcome());
                case CommandResult.Refused refused -> problem = refused.toException();
                case null -> {}
            }
        }
        if (problem == null) {
            waiting.complete(null);
        } else {
            waiting.completeExceptionally(problem);
        }
    }
}
