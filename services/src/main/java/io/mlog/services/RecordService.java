package io.mlog.services;

import io.mlog.core.producer.SavedProducer;
import io.mlog.model.OffsetAndEpoch;
import io.mlog.model.TopicPartition;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.IntPredicate;

/**
 * Reading and writing records. Every method may be called on an event loop: it does not block on
 * fsync, network or locks held for long.
 */
public interface RecordService {
    /**
     * Appends and answers, in the order of the command. The batches are appended, and their buffers
     * no longer needed, when this returns; {@code done} runs exactly once, on this thread when
     * nothing has to be waited for, else on another (which must not be blocked).
     */
    void produce(ProduceCommand command, Consumer<List<PartitionProduced>> done);

    /**
     * Reads, waiting as the command says, and answers with one result for every partition, in the
     * order of the command. {@code done} runs at most once (not at all when cancelled), on this
     * thread or another (which must not be blocked), and then owns the slices.
     */
    WaitingFetch fetch(FetchCommand command, Consumer<List<PartitionFetched>> done);

    /** Finds an offset; fails with {@link io.mlog.model.MlogException}. */
    CompletableFuture<OffsetFound> findOffset(TopicPartition partition, OffsetWanted wanted);

    /**
     * Where a leader epoch ended, as the partition's leader knows it: the largest epoch at or below
     * {@code leaderEpoch} that it has, and the offset behind it; (-1, -1) when there can be none.
     *
     * @param currentLeaderEpoch the leadership that the asker believes in, {@link
     *     FetchCommand#NO_EPOCH} to skip the check
     * @throws io.mlog.model.MlogException when this broker does not lead in that epoch
     */
    OffsetAndEpoch endOfEpoch(TopicPartition partition, int currentLeaderEpoch, int leaderEpoch);

    /**
     * The idempotent producers that have written to a partition lately, those of the last {@code
     * most} to write, the least recently active first.
     *
     * @throws io.mlog.model.MlogException when this broker has no replica of it
     */
    List<SavedProducer> producers(TopicPartition partition, int most);

    /**
     * Raises the log start offset to {@code beforeOffset} (-1: the high watermark) and answers the
     * new one; fails with {@link io.mlog.model.MlogException}.
     */
    CompletableFuture<Long> deleteRecords(TopicPartition partition, long beforeOffset);

    /** The state of a replica that this broker hosts. */
    Optional<PartitionStatus> status(TopicPartition partition);

    /**
     * A broker that a consumer may read a partition led here from, beside this one: an in-sync
     * replica that has {@code offset} and that {@code wanted} accepts.
     */
    Optional<Integer> readerOf(TopicPartition partition, long offset, IntPredicate wanted);

    /**
     * How far brokers that follow this one are behind: by broker id, the most records that one
     * lacks of any partition led here.
     */
    Map<Integer, Long> lags();
}
