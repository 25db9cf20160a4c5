package io.mlog.broker.life;

import io.mlog.model.ErrorCode;
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
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Refuses to write while this broker is cut off from the metadata: others may lead its partitions
 * by now. Reading goes on, what is below the high watermark stays true. Any thread; the state is
 * one volatile word, set by the {@link BrokerSession}.
 */
public final class CutOffRecords implements RecordService {
    private final RecordService records;
    private volatile @Nullable String reason;

    /** Passes everything on to {@code records} until {@link #cutOff}. */
    public CutOffRecords(RecordService records) {
        this.records = records;
    }

    /** Refuses to write from now on; {@code newReason} tells clients why. */
    public void cutOff(String newReason) {
        reason = newReason;
    }

    /** Writes again. */
    public void rejoined() {
        reason = null;
    }

    @Override
    public void produce(ProduceCommand command, Consumer<List<PartitionProduced>> done) {
        String why = reason;
        if (why == null) {
            records.produce(command, done);
        } else {
            done.accept(
                    command.partitions().stream()
                            .map(part ->
                                    PartitionProduced.refused(
                                            part.partition(), ErrorCode.NOT_LEADER, why))
                            .toList());
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
    public CompletableFuture<Long> deleteRecords(TopicPartition partition, long beforeOffset) {
        return records.deleteRecords(partition, beforeOffset);
    }

    @Override
    public Optional<PartitionStatus> status(TopicPartition partition) {
        return records.status(partition);
    }

    @Override
    public Map<Integer, Long> lags() {
        return records.lags();
    }
}
