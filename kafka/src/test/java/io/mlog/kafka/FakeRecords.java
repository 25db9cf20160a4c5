package io.mlog.kafka;

import io.mlog.core.producer.SavedProducer;
import io.mlog.model.ErrorCode;
import io.mlog.model.MlogException;
import io.mlog.model.OffsetAndEpoch;
import io.mlog.model.TopicPartition;
import io.mlog.records.BatchHeader;
import io.mlog.records.RecordsSlice;
import io.mlog.services.FetchCommand;
import io.mlog.services.FetchCommand.PartitionFetch;
import io.mlog.services.OffsetFound;
import io.mlog.services.OffsetWanted;
import io.mlog.services.PartitionFetched;
import io.mlog.services.PartitionProduced;
import io.mlog.services.PartitionStatus;
import io.mlog.services.ProduceCommand;
import io.mlog.services.ProduceCommand.PartitionBatches;
import io.mlog.services.RecordService;
import io.mlog.services.WaitingFetch;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Logs in memory, one for each topic that {@link FakeTopics} has. Offsets are assigned in place; a
 * fetch finds everything from offset 0 on. Produce can be held back until the test lets it go.
 */
final class FakeRecords implements RecordService {
    final Map<TopicPartition, ByteArrayOutputStream> logs = new HashMap<>();
    final Map<TopicPartition, Long> logEnds = new HashMap<>();
    final Map<TopicPartition, ErrorCode> errors = new HashMap<>();
    final List<ProduceCommand> produces = new ArrayList<>();
    final List<FetchCommand> fetches = new ArrayList<>();
    final List<OffsetWanted> offsets = new ArrayList<>();
    final List<Integer> epochsBelieved = new ArrayList<>();
    final Map<TopicPartition, PartitionStatus> statuses = new HashMap<>();
    final List<Runnable> held = new ArrayList<>();
    boolean holdProduces;
    boolean failFetches;
    int cancelled;
    int slicesOut;
    private final FakeTopics topics;
    private @Nullable Runnable parked;

    FakeRecords(FakeTopics topics) {
        this.topics = topics;
    }

    @Override
    public void produce(ProduceCommand command, Consumer<List<PartitionProduced>> done) {
        produces.add(command);
        List<PartitionProduced> results = command.partitions().stream().map(this::append).toList();
        if (holdProduces) {
            held.add(() -> done.accept(results));
        } else {
            done.accept(results);
        }
    }

    private PartitionProduced append(PartitionBatches batches) {
        TopicPartition partition = batches.partition();
        ErrorCode error = error(partition);
        if (error != ErrorCode.NONE) {
            return PartitionProduced.refused(partition, error, error + " of " + partition);
        }
        ByteBuffer bytes = batches.batches();
        long base = logEnds.getOrDefault(partition, 0L);
        BatchHeader.assign(bytes, bytes.position(), base, 3);
        long last = BatchHeader.lastOffset(bytes, bytes.position());
        byte[] copy = new byte[bytes.remaining()];
        bytes.get(copy);
        logs.computeIfAbsent(partition, p -> new ByteArrayOutputStream()).writeBytes(copy);
        logEnds.put(partition, last + 1);
        return new PartitionProduced(partition, ErrorCode.NONE, null, base, last, -1, 0);
    }

    private ErrorCode error(TopicPartition partition) {
        ErrorCode missing =
                topics.metadata().partition(partition).isPresent()
                        ? ErrorCode.NONE
                        : ErrorCode.UNKNOWN_TOPIC_OR_PARTITION;
        return errors.getOrDefault(partition, missing);
    }

    @Override
    public WaitingFetch fetch(FetchCommand command, Consumer<List<PartitionFetched>> done) {
        fetches.add(command);
        Runnable answer = () -> done.accept(command.partitions().stream().map(this::read).toList());
        boolean nothing = command.partitions().stream().allMatch(p -> bytesOf(p).length == 0);
        if (command.maxWaitMs() == 0 || !nothing) {
            answer.run();
            return WaitingFetch.NOT_WAITING;
        }
        parked = answer;
        return () -> {
            parked = null;
            cancelled++;
        };
    }

    /** Ends the wait of the parked fetch; false when none waits. */
    boolean wake() {
        Runnable answer = parked;
        parked = null;
        if (answer != null) {
            answer.run();
        }
        return answer != null;
    }

    private byte[] bytesOf(PartitionFetch wanted) {
        ByteArrayOutputStream log = logs.get(wanted.partition());
        boolean atEnd = wanted.offset() >= logEnds.getOrDefault(wanted.partition(), 0L);
        return log == null || atEnd ? new byte[0] : log.toByteArray();
    }

    private PartitionFetched read(PartitionFetch wanted) {
        TopicPartition partition = wanted.partition();
        ErrorCode error = error(partition);
        if (error != ErrorCode.NONE) {
            return PartitionFetched.refused(partition, error, error + " of " + partition);
        }
        if (failFetches) {
            slicesOut++;
            RecordsSlice broken = new MemorySlice(new byte[1], () -> slicesOut--, true);
            return PartitionFetched.found(partition, 0, 0, 0, broken);
        }
        long end = logEnds.getOrDefault(partition, 0L);
        slicesOut++;
        RecordsSlice slice = new MemorySlice(bytesOf(wanted), () -> slicesOut--, false);
        return PartitionFetched.found(partition, end, end, 0, slice);
    }

    @Override
    public CompletableFuture<OffsetFound> findOffset(
            TopicPartition partition, OffsetWanted wanted) {
        offsets.add(wanted);
        ErrorCode error = error(partition);
        if (error != ErrorCode.NONE) {
            return CompletableFuture.failedFuture(new MlogException(error, "of " + partition));
        }
        return CompletableFuture.completedFuture(
                switch (wanted) {
                    case OffsetWanted.Earliest earliest -> new OffsetFound(5, -1, 3);
                    case OffsetWanted.Latest latest -> new OffsetFound(50, -1, 3);
                    case OffsetWanted.MaxTimestamp max -> new OffsetFound(40, 9999, 3);
                    case OffsetWanted.AtOrAfter at ->
                            at.timestampMs() > 9999
                                    ? new OffsetFound(-1, -1, -1)
                                    : new OffsetFound(30, at.timestampMs() + 1, 3);
                });
    }

    /** Epochs end at ten times their number; there is none above 3. */
    @Override
    public OffsetAndEpoch endOfEpoch(
            TopicPartition partition, int currentLeaderEpoch, int leaderEpoch) {
        ErrorCode error = error(partition);
        if (error != ErrorCode.NONE) {
            throw new MlogException(error, "of " + partition);
        }
        epochsBelieved.add(currentLeaderEpoch);
        return leaderEpoch > 3
                ? new OffsetAndEpoch(-1, -1)
                : new OffsetAndEpoch(10L * leaderEpoch, leaderEpoch);
    }

    /** So many producers have written to each partition. */
    int producers = 1;

    @Override
    public List<SavedProducer> producers(TopicPartition partition, int most) {
        ErrorCode error = error(partition);
        if (error != ErrorCode.NONE) {
            throw new MlogException(error, "of " + partition);
        }
        return IntStream.range(0, Math.min(most, producers))
                .mapToObj(i ->
                        new SavedProducer(
                                500 + i,
                                (short) 2,
                                0,
                                77_000,
                                List.of(
                                        new SavedProducer.Batch(0, 4, 0),
                                        new SavedProducer.Batch(4, 3, 4))))
                .toList();
    }

    @Override
    public CompletableFuture<Long> deleteRecords(TopicPartition partition, long beforeOffset) {
        ErrorCode error = error(partition);
        return error == ErrorCode.NONE
                ? CompletableFuture.completedFuture(beforeOffset == -1 ? 50 : beforeOffset)
                : CompletableFuture.failedFuture(new MlogException(error, "of " + partition));
    }

    @Override
    public Optional<PartitionStatus> status(TopicPartition partition) {
        return Optional.ofNullable(statuses.get(partition));
    }

    /** Broker 8 has offsets up to 40. */
    @Override
    public Optional<Integer> readerOf(TopicPartition partition, long offset, IntPredicate wanted) {
        return offset <= 40 && wanted.test(8) ? Optional.of(8) : Optional.empty();
    }

    @Override
    public Map<Integer, Long> lags() {
        return Map.of();
    }
}
