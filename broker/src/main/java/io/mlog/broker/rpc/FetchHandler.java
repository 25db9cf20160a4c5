package io.mlog.broker.rpc;

import io.mlog.model.ErrorCode;
import io.mlog.model.TopicPartition;
import io.mlog.protocol.Fetch;
import io.mlog.protocol.FetchBatch;
import io.mlog.protocol.RpcResponse;
import io.mlog.services.FetchCommand;
import io.mlog.services.OffsetWanted;
import io.mlog.services.PartitionFetched;
import io.mlog.services.WaitingFetch;
import java.io.IOException;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fetch and FetchBatch: reads batches of one partition and takes records out of them, on the event
 * loop of the connection; compressed ones are opened on {@code workers}, since a few bytes may
 * become very many. A wait is parked with the partition and holds no thread.
 */
final class FetchHandler {
    private static final Logger LOG = LoggerFactory.getLogger(FetchHandler.class);

    private final RpcServices services;
    private final GroupAnswers groups;
    private final RpcLimits limits;
    private final LongAdder followerReads = new LongAdder();
    private final Executor workers;

    FetchHandler(RpcServices services, RpcLimits limits, Executor workers) {
        this.services = services;
        this.groups = new GroupAnswers(services);
        this.limits = limits;
        this.workers = workers;
    }

    /** One read of one partition for one call. */
    private record Reading(
            TopicPartition partition,
            boolean allowFollower,
            RecordsFound.Wanted wanted,
            int sliceBytes,
            int maxWaitMs,
            Call call,
            Response response) {
        Reading from(long offset) {
            return new Reading(
                    partition,
                    allowFollower,
                    new RecordsFound.Wanted(offset, wanted.maxCount(), wanted.maxBytes()),
                    sliceBytes,
                    maxWaitMs,
                    call,
                    response);
        }
    }

    /** Makes the response of what was found. */
    private interface Response {
        RpcResponse of(RecordsFound found, PartitionFetched fetched);
    }

    void fetch(Fetch.Request request, Call call) {
        TopicPartition partition = new TopicPartition(request.topic(), request.partition());
        Reading reading =
                new Reading(
                        partition,
                        request.allowFollower(),
                        new RecordsFound.Wanted(request.offset().orElse(0), 1, 1),
                        1,
                        request.maxWaitMs(),
                        call,
                        (found, fetched) ->
                                new Fetch.Response(
                                        found.entries().stream().findFirst(),
                                        fetched.highWatermark()));
        if (request.offset().isPresent()) {
            read(reading);
        } else {
            call.continueWhenDone(
                    groups.committed(request.consumerId().orElseThrow(), partition),
                    committed -> readFrom(committed, reading));
        }
    }

    void fetchBatch(FetchBatch.Request request, Call call) {
        read(
                new Reading(
                        new TopicPartition(request.topic(), request.partition()),
                        request.allowFollower(),
                        new RecordsFound.Wanted(
                                request.offset(), request.maxCount(), request.maxBytes()),
                        request.maxBytes(),
                        request.maxWaitMs(),
                        call,
                        (found, fetched) ->
                                new FetchBatch.Response(
                                        found.entries(),
                                        found.nextOffset(),
                                        fetched.highWatermark(),
                                        fetched.logStartOffset())));
    }

    private void readFrom(OptionalLong committed, Reading reading) {
        if (committed.isPresent()) {
            read(reading.from(committed.getAsLong()));
        } else {
            reading.call.continueWhenDone(
                    services.records().findOffset(reading.partition, new OffsetWanted.Earliest()),
                    earliest -> read(reading.from(earliest.offset())));
        }
    }

    private void read(Reading reading) {
        FetchCommand command =
                new FetchCommand(
                        reading.allowFollower,
                        Math.min(reading.maxWaitMs, limits.maxFetchWaitMs()),
                        1,
                        Math.min(reading.sliceBytes, limits.maxFetchBytes()),
                        List.of(
                                FetchCommand.PartitionFetch.ofConsumer(
                                        reading.partition,
                                        reading.wanted.offset(),
                                        Math.min(reading.sliceBytes, limits.maxFetchBytes()),
                                        FetchCommand.NO_EPOCH)));
        WaitingFetch waiting =
                services.records()
                        .fetch(
                                command,
                                fetched ->
                                        reading.call.execute(
                                                () -> answer(fetched.getFirst(), reading)));
        reading.call.whenAbandoned(waiting::cancel);
    }

    private void answer(PartitionFetched fetched, Reading reading) {
        if (fetched.error() == ErrorCode.NONE) {
            RecordsFound.Search search = new RecordsFound.Search(fetched.records(), reading.wanted);
            search(search, false, fetched, reading);
        } else {
            fetched.records().release();
            refuse(fetched, reading.call);
        }
    }

    /** Owns the slice until the search is over or handed on. */
    private void search(
            RecordsFound.Search search,
            boolean decompressing,
            PartitionFetched fetched,
            Reading reading) {
        boolean over = true;
        try {
            over = search.goOn(decompressing);
            if (over) {
                reading.call.execute(() -> answerFound(search.found(), fetched, reading));
            }
        } catch (IOException e) {
            LOG.error("records of {} cannot be read", reading.partition, e);
            reading.call.refuse(
                    ErrorCode.STORAGE_ERROR,
                    "records of " + reading.partition + " cannot be read from disk: " + e);
        } catch (RuntimeException e) {
            reading.call.fail(e);
        } finally {
            if (over) {
                fetched.records().release();
            }
        }
        if (!over) {
            decompress(() -> search(search, true, fetched, reading));
        }
    }

    /** When too much waits already, the caller has to: that slows down whoever asks for more. */
    private void decompress(Runnable rest) {
        try {
            workers.execute(rest);
        } catch (RejectedExecutionException full) {
            rest.run();
        }
    }

    /** Where compaction left nothing of what was read, goes on behind it. */
    private void answerFound(RecordsFound found, PartitionFetched fetched, Reading reading) {
        if (found.entries().isEmpty() && found.nextOffset() > reading.wanted.offset()) {
            read(reading.from(found.nextOffset()));
        } else {
            countFollowerRead(reading.partition, found.entries().size());
            reading.call.answer(reading.response.of(found, fetched));
        }
    }

    private void countFollowerRead(TopicPartition partition, int records) {
        boolean follows =
                services.topics()
                        .metadata()
                        .partition(partition)
                        .filter(known -> known.leader() != services.broker().brokerId())
                        .isPresent();
        if (follows) {
            followerReads.add(records);
        }
    }

    /** Records that were read from a copy which did not lead. */
    long followerReads() {
        return followerReads.sum();
    }

    private void refuse(PartitionFetched fetched, Call call) {
        call.answer(
                new Nodes(services.broker(), services.topics().metadata(), call.localAddress())
                        .refusal(
                                fetched.error(),
                                Sentence.of(fetched.error(), fetched.message()),
                                fetched.partition()));
    }
}
