package io.mlog.broker.life;

import io.mlog.core.producer.SavedProducer;
import io.mlog.model.Acks;
import io.mlog.model.ErrorCode;
import io.mlog.model.OffsetAndEpoch;
import io.mlog.model.TopicPartition;
import io.mlog.services.FetchCommand;
import io.mlog.services.OffsetFound;
import io.mlog.services.OffsetWanted;
import io.mlog.services.PartitionFetched;
import io.mlog.services.PartitionProduced;
import io.mlog.services.PartitionStatus;
import io.mlog.services.ProduceCommand;
import io.mlog.services.RecordService;
import io.mlog.services.WaitingFetch;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Refuses to write while this broker is cut off from the metadata: others may lead its partitions
 * by now. What waits for other replicas then is refused, too, as it is by a leader that is deposed:
 * its clients are to go where they are heard, and not to wait here for their time to pass. Reading
 * goes on, what is below the high watermark stays true. Any thread; set by the {@link
 * BrokerSession}.
 */
public final class CutOffRecords implements RecordService {
    private final RecordService records;
    private final Map<Long, Waiting> waiting = new ConcurrentHashMap<>();
    private final AtomicLong requests = new AtomicLong();
    private volatile @Nullable String reason;

    /** Passes everything on to {@code records} until {@link #cutOff}. */
    public CutOffRecords(RecordService records) {
        this.records = records;
    }

    /**
     * Refuses to write from now on, and to go on waiting, the oldest request first; {@code
     * newReason} tells clients why. Some of what waited may be committed all the same, if the
     * others took it in before.
     */
    public void cutOff(String newReason) {
        reason = newReason;
        new TreeMap<>(waiting).values().forEach(request -> request.refuse(newReason));
    }

    /** Writes again. */
    public void rejoined() {
        reason = null;
    }

    @Override
    public void produce(ProduceCommand command, Consumer<List<PartitionProduced>> done) {
        Consumer<List<PartitionProduced>> answer =
                command.acks() == Acks.ALL ? waitingFor(command, done) : done;
        String why = reason;
        if (why == null) {
            records.produce(command, answer);
        } else {
            answer.accept(refusals(partitions(command), why));
        }
    }

    /** Known before the look at the reason, so that whoever sets it later finds the request. */
    private Waiting waitingFor(ProduceCommand command, Consumer<List<PartitionProduced>> done) {
        Waiting request = new Waiting(requests.incrementAndGet(), partitions(command), done);
        waiting.put(request.number, request);
        return request;
    }

    private static List<TopicPartition> partitions(ProduceCommand command) {
        return command.partitions().stream()
                .map(ProduceCommand.PartitionBatches::partition)
                .toList();
    }

    private static List<PartitionProduced> refusals(List<TopicPartition> partitions, String why) {
        return partitions.stream()
                .map(partition -> PartitionProduced.refused(partition, ErrorCode.NOT_LEADER, why))
                .toList();
    }

    /** A request that waits for other replicas; answered once, by whoever is first. */
    private final class Waiting implements Consumer<List<PartitionProduced>> {
        private final long number;
        private final List<TopicPartition> partitions;
        private final Consumer<List<PartitionProduced>> done;
        private final AtomicBoolean answered = new AtomicBoolean();

        Waiting(
                long number,
                List<TopicPartition> partitions,
                Consumer<List<PartitionProduced>> done) {
            this.number = number;
            this.partitions = partitions;
            this.done = done;
        }

        @Override
        public void accept(List<PartitionProduced> outcome) {
            if (answered.compareAndSet(false, true)) {
                waiting.remove(number);
                done.accept(outcome);
            }
        }

        void refuse(String why) {
            accept(refusals(partitions, why));
        }
    }

    @Override
    public WaitingFetch fetch(FetchCommand command, Consumer<List<PartitionFetched>> done) {
        return records.fetch(command, done);
    }

    @Override
    public CompletableFuture<OffsetFound> findOffset(
            TopicPartition partition, OffsetWanted wanted) {
        return records.findOffset(partition, wanted);
    }

    @Override
    public OffsetAndEpoch endOfEpoch(
            TopicPartition partition, int currentLeaderEpoch, int leaderEpoch) {
        return records.endOfEpoch(partition, currentLeaderEpoch, leaderEpoch);
    }

    @Override
    public List<SavedProducer> producers(TopicPartition partition, int most) {
        return records.producers(partition, most);
    }

    @Override
    public CompletableFuture<Long> deleteRecords(TopicPartition partition, long beforeOffset) {
        return records.deleteRecords(partition, beforeOffset);
    }

    @Override
    public Optional<PartitionStatus> status(TopicPartition partition) {
        return records.status(partition);
    }

    @Override
    public Optional<Integer> readerOf(TopicPartition partition, long offset, IntPredicate wanted) {
        return records.readerOf(partition, offset, wanted);
    }

    @Override
    public Map<Integer, Long> lags() {
        return records.lags();
    }
}
