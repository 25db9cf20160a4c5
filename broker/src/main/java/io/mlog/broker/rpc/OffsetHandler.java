package io.mlog.broker.rpc;

import io.mlog.model.ErrorCode;
import io.mlog.model.MlogException;
import io.mlog.model.TopicPartition;
import io.mlog.protocol.CommitOffset;
import io.mlog.protocol.FetchOffset;
import io.mlog.protocol.ListOffsets;
import io.mlog.services.GroupCommit;
import io.mlog.services.GroupMember;
import io.mlog.services.OffsetFound;
import io.mlog.services.OffsetWanted;
import io.mlog.services.PartitionStatus;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** ListOffsets, CommitOffset and FetchOffset. */
final class OffsetHandler {
    private final RpcServices services;
    private final GroupAnswers groups;

    OffsetHandler(RpcServices services) {
        this.services = services;
        this.groups = new GroupAnswers(services);
    }

    void list(ListOffsets.Request request, Call call) {
        OffsetWanted wanted =
                switch (request.at()) {
                    case ListOffsets.At.Earliest() -> new OffsetWanted.Earliest();
                    case ListOffsets.At.Latest() -> new OffsetWanted.Latest();
                    case ListOffsets.At.AtOrAfter(long timestampMs) ->
                            new OffsetWanted.AtOrAfter(timestampMs);
                };
        TopicPartition partition = new TopicPartition(request.topic(), request.partition());
        CompletableFuture<OffsetFound> found = services.records().findOffset(partition, wanted);
        boolean byCopy = request.allowFollower() && wanted instanceof OffsetWanted.Latest;
        call.answerWhenDone(
                byCopy
                        ? found.exceptionallyCompose(failure -> endOfCopy(partition, failure))
                        : found,
                OffsetHandler::listed);
    }

    /** A copy that does not lead can be read up to the high watermark that it was told. */
    private CompletableFuture<OffsetFound> endOfCopy(TopicPartition partition, Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException e && e.getCause() != null
                        ? e.getCause()
                        : failure;
        Optional<PartitionStatus> copy = services.records().status(partition);
        return cause instanceof MlogException refusal
                        && refusal.code() == ErrorCode.NOT_LEADER
                        && copy.isPresent()
                ? CompletableFuture.completedFuture(
                        new OffsetFound(copy.get().highWatermark(), -1, -1))
                : CompletableFuture.failedFuture(failure);
    }

    void commit(CommitOffset.Request request, Call call) {
        TopicPartition partition = existing(request.topic(), request.partition());
        String group = consumer(request.consumerId());
        groups.answerWhenDone(
                call,
                group,
                services.groups()
                        .commit(
                                new GroupCommit(
                                        group,
                                        request.member()
                                                .map(each ->
                                                        new GroupMember(
                                                                each.memberId(), each.epoch())),
                                        Map.of(partition, request.offset()),
                                        call.caller())),
                _ -> new CommitOffset.Response(true));
    }

    void fetch(FetchOffset.Request request, Call call) {
        TopicPartition partition = existing(request.topic(), request.partition());
        String group = consumer(request.consumerId());
        groups.answerWhenDone(
                call,
                group,
                services.groups().committed(group),
                committed ->
                        new FetchOffset.Response(GroupAnswers.offsetOf(committed.get(partition))));
    }

    private static ListOffsets.Response listed(OffsetFound found) {
        return new ListOffsets.Response(
                found.offset() < 0 ? OptionalLong.empty() : OptionalLong.of(found.offset()),
                found.timestampMs() < 0
                        ? OptionalLong.empty()
                        : OptionalLong.of(found.timestampMs()));
    }

    private static String consumer(String consumerId) {
        if (consumerId.isEmpty()) {
            throw new MlogException(
                    ErrorCode.INVALID_GROUP_ID,
                    "field 'consumerId' is empty: it names the consumer that offsets are kept for");
        }
        return consumerId;
    }

    /** The partition, refused when the topic does not have it: nobody could ever read there. */
    private TopicPartition existing(String topic, int partition) {
        TopicPartition wanted = new TopicPartition(topic, partition);
        if (services.topics().metadata().partition(wanted).isEmpty()) {
            throw new MlogException(
                    ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, "there is no partition " + wanted);
        }
        return wanted;
    }
}
