package io.mlog.broker.rpc;

import io.mlog.model.ErrorCode;
import io.mlog.model.HostPort;
import io.mlog.model.MlogException;
import io.mlog.model.TopicPartition;
import io.mlog.protocol.ErrorResponse;
import io.mlog.protocol.RpcResponse;
import io.mlog.services.CommittedOffset;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Answers requests about groups: any node may be asked, and one that does not coordinate the group
 * names the one that does. No state; any thread.
 */
final class GroupAnswers {
    private final RpcServices services;

    GroupAnswers(RpcServices services) {
        this.services = services;
    }

    /** Answers with the result, or its refusal. */
    <T> void answerWhenDone(
            Call call,
            String group,
            CompletableFuture<T> result,
            Function<? super T, ? extends RpcResponse> response) {
        CompletableFuture<RpcResponse> answer = result.thenApply(response);
        call.answerWhenDone(
                answer.exceptionallyCompose(failure -> refusal(call, group, failure)),
                told -> told);
    }

    /**
     * What the group has committed, for a request that is this broker's for another reason: another
     * coordinator is asked, since the client cannot be in two places.
     */
    CompletableFuture<OptionalLong> committed(String group, TopicPartition partition) {
        return services.groups()
                .committed(group)
                .thenApply(all -> offsetOf(all.get(partition)))
                .exceptionallyCompose(failure ->
                        ofAnother(
                                group,
                                failure,
                                (broker, refusal) ->
                                        services.remoteOffsets()
                                                .committed(broker, group, partition)));
    }

    static OptionalLong offsetOf(@Nullable CommittedOffset committed) {
        return committed == null ? OptionalLong.empty() : OptionalLong.of(committed.offset());
    }

    private CompletableFuture<RpcResponse> refusal(Call call, String group, Throwable failure) {
        return ofAnother(
                group,
                failure,
                (broker, refusal) ->
                        CompletableFuture.completedFuture(elsewhere(call, broker, refusal)));
    }

    /** What comes of a failure when it says that another broker coordinates the group. */
    private <T> CompletableFuture<T> ofAnother(
            String group,
            Throwable failure,
            BiFunction<Integer, MlogException, CompletableFuture<T>> then) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null
                        ? failure.getCause()
                        : failure;
        return cause instanceof MlogException refusal && refusal.code() == ErrorCode.NOT_COORDINATOR
                ? services.groups()
                        .coordinatorOf(group)
                        .thenCompose(broker -> then.apply(broker, refusal))
                : CompletableFuture.failedFuture(cause);
    }

    /** This broker does not name itself: it may be about to take over or to give up. */
    private ErrorResponse elsewhere(Call call, int coordinator, MlogException refusal) {
        Nodes nodes =
                new Nodes(services.broker(), services.topics().metadata(), call.localAddress());
        Optional<HostPort> address =
                coordinator == services.broker().brokerId()
                        ? Optional.empty()
                        : nodes.address(coordinator);
        return address.map(where -> ErrorResponse.notCoordinator(refusal.reason(), where))
                .orElseGet(() -> ErrorResponse.of(refusal));
    }
}
