package io.mlog.broker.partition;

import io.mlog.core.producer.SavedProducer;
import io.mlog.model.Acks;
import io.mlog.model.ErrorCode;
import io.mlog.model.InternalTopics;
import io.mlog.model.MlogException;
import io.mlog.model.OffsetAndEpoch;
import io.mlog.model.TopicPartition;
import io.mlog.records.BatchCheck;
import io.mlog.records.KeyCheck;
import io.mlog.records.RewrittenBatch;
import io.mlog.services.FetchCommand;
import io.mlog.services.OffsetFound;
import io.mlog.services.OffsetWanted;
import io.mlog.services.PartitionFetched;
import io.mlog.services.PartitionProduced;
import io.mlog.services.PartitionStatus;
import io.mlog.services.ProduceCommand;
import io.mlog.services.ProduceCommand.PartitionBatches;
import io.mlog.services.RecordService;
import io.mlog.services.WaitingFetch;
import java.io.IOException;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.function.IntPredicate;

/**
 * Reads and writes the partitions of this broker. Holds no state of its own: appends run on the
 * caller's thread, and so do reads of what is in memory; look-ups that may scan the disk and reads
 * of what is not at hand run on {@code scans}.
 */
public final class LocalRecords implements RecordService {
    private final HostedPartitions partitions;
    private final Timer timer;
    private final Executor scans;
    private final InstantSource clock;

    /**
     * Serves {@code partitions}.
     *
     * @param scans runs what may wait for the disk; bounded, rejecting when full
     */
    public LocalRecords(
            HostedPartitions partitions, Timer timer, Executor scans, InstantSource clock) {
        this.partitions = partitions;
        this.timer = timer;
        this.scans = scans;
        this.clock = clock;
    }

    @Override
    public void produce(ProduceCommand command, Consumer<List<PartitionProduced>> done) {
        List<PartitionBatches> parts = command.partitions();
        ProduceOperation operation = new ProduceOperation(parts.size(), done);
        for (int i = 0; i < parts.size(); i++) {
            append(command, parts.get(i), i, operation);
        }
    }

    private void append(
            ProduceCommand command, PartitionBatches part, int index, ProduceOperation operation) {
        try {
            InternalTopics.refuse(part.partition().topic(), "records cannot be written to it");
            Partition partition = hosted(part.partition());
            Optional<AppendOutcome.Refused> refusal = partition.refusal();
            if (refusal.isPresent()) {
                settle(refusal.get(), part.partition(), index, operation);
                return;
            }
            BatchCheck.produced(
                    part.batches(), partition.settings().limits(part.maxBatches()), clock.millis());
            if (partition.settings().compaction().isPresent()) {
                KeyCheck.everyRecordHasOne(part.batches(), RewrittenBatch.MAX_DECOMPRESSED_BYTES);
            }
            append(command, part, index, operation, partition);
        } catch (MlogException refusal) {
            operation.settle(
                    index,
                    PartitionProduced.refused(part.partition(), refusal.code(), refusal.reason()));
        }
    }

    private void append(
            ProduceCommand command,
            PartitionBatches part,
            int index,
            ProduceOperation operation,
            Partition partition) {
        PendingAnswer waiting =
                command.acks() == Acks.ALL
                        ? new PendingAnswer(operation, index, part.partition())
                        : null;
        switch (partition.append(part.batches(), waiting, command.timeoutMs())) {
            case AppendOutcome.Refused refused ->
                    settle(refused, part.partition(), index, operation);
            case AppendOutcome.Appended appended -> {
                PartitionProduced outcome = produced(part.partition(), appended);
                if (waiting == null || appended.committed()) {
                    operation.settle(index, outcome);
                } else {
                    waiting.appended(outcome);
                }
            }
        }
    }

    private static void settle(
            AppendOutcome.Refused refusal,
            TopicPartition partition,
            int index,
            ProduceOperation operation) {
        operation.settle(
                index, PartitionProduced.refused(partition, refusal.error(), refusal.message()));
    }

    private static PartitionProduced produced(
            TopicPartition partition, AppendOutcome.Appended appended) {
        return new PartitionProduced(
                partition,
                ErrorCode.NONE,
                null,
                appended.baseOffset(),
                appended.lastOffset(),
                appended.appendTimeMs(),
                appended.logStartOffset());
    }

    @Override
    public WaitingFetch fetch(FetchCommand command, Consumer<List<PartitionFetched>> done) {
        FetchOperation operation = new FetchOperation(partitions, command, done);
        if (operation.isAtHand()) {
            operation.start(timer);
        } else {
            elsewhere(() -> operation.startLoading(timer));
        }
        return operation;
    }

    /** When too much waits already, the caller has to: that slows down whoever asks for more. */
    private void elsewhere(Runnable read) {
        try {
            scans.execute(read);
        } catch (RejectedExecutionException full) {
            read.run();
        }
    }

    @Override
    public CompletableFuture<OffsetFound> findOffset(TopicPartition name, OffsetWanted wanted) {
        Partition partition = partitions.find(name);
        if (partition == null) {
            return CompletableFuture.failedFuture(partitions.refusal(name));
        }
        return switch (wanted) {
            case OffsetWanted.Earliest() ->
                    CompletableFuture.completedFuture(
                            new OffsetFound(
                                    partition.log().logStartOffset(), -1, partition.leaderEpoch()));
            case OffsetWanted.Latest() -> latest(partition);
            case OffsetWanted.MaxTimestamp() ->
                    scan(() -> TimeLookup.onLeader(partition).maxTimestamp());
            case OffsetWanted.AtOrAfter(long timestampMs) ->
                    scan(() -> TimeLookup.onLeader(partition).atOrAfter(timestampMs));
        };
    }

    private static CompletableFuture<OffsetFound> latest(Partition partition) {
        try {
            return CompletableFuture.completedFuture(
                    new OffsetFound(partition.latestOffset(), -1, partition.leaderEpoch()));
        } catch (MlogException refusal) {
            return CompletableFuture.failedFuture(refusal);
        }
    }

    @Override
    public OffsetAndEpoch endOfEpoch(TopicPartition name, int currentLeaderEpoch, int leaderEpoch) {
        return hosted(name).endOfEpoch(currentLeaderEpoch, leaderEpoch);
    }

    @Override
    public List<SavedProducer> producers(TopicPartition name, int most) {
        return hosted(name).producers(most);
    }

    @Override
    public CompletableFuture<Long> deleteRecords(TopicPartition name, long beforeOffset) {
        Partition partition = partitions.find(name);
        return partition == null
                ? CompletableFuture.failedFuture(partitions.refusal(name))
                : scan(() -> {
                    InternalTopics.refuse(name.topic(), "records cannot be deleted from it");
                    return partition.deleteBefore(beforeOffset);
                });
    }

    @Override
    public Optional<PartitionStatus> status(TopicPartition name) {
        return Optional.ofNullable(partitions.find(name)).map(Partition::status);
    }

    @Override
    public Optional<Integer> readerOf(TopicPartition name, long offset, IntPredicate wanted) {
        return Optional.ofNullable(partitions.find(name))
                .flatMap(partition -> partition.readerOf(offset, wanted));
    }

    @Override
    public Map<Integer, Long> lags() {
        Map<Integer, Long> lags = new HashMap<>();
        for (Partition partition : partitions.all()) {
            partition
                    .leading()
                    .ifPresent(leader -> {
                        long logEnd = partition.log().logEndOffset();
                        leader.followers()
                                .forEach(each ->
                                        lags.merge(each.brokerId(), each.lag(logEnd), Math::max));
                    });
        }
        return lags;
    }

    private interface Scan<T> {
        T run() throws IOException;
    }

    private <T> CompletableFuture<T> scan(Scan<T> scan) {
        CompletableFuture<T> result = new CompletableFuture<>();
        try {
            scans.execute(() -> complete(result, scan));
        } catch (RejectedExecutionException full) {
            result.completeExceptionally(
                    new MlogException(
                            ErrorCode.REQUEST_TIMED_OUT,
                            "too many look-ups wait for the disk already; retry later"));
        }
        return result;
    }

    private static <T> void complete(CompletableFuture<T> result, Scan<T> scan) {
        try {
            result.complete(scan.run());
        } catch (IOException failure) {
            result.completeExceptionally(
                    new MlogException(
                            ErrorCode.STORAGE_ERROR,
                            "the log cannot be read: " + failure.getMessage()));
        } catch (RuntimeException refusal) {
            result.completeExceptionally(refusal);
        }
    }

    private Partition hosted(TopicPartition name) {
        Partition partition = partitions.find(name);
        if (partition == null) {
            throw partitions.refusal(name);
        }
        return partition;
    }
}
