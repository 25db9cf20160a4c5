package io.mlog.broker.rpc;

import io.mlog.broker.metrics.RequestStats;
import io.mlog.broker.net.Exchange;
import io.mlog.model.Acks;
import io.mlog.model.ErrorCode;
import io.mlog.model.HostPort;
import io.mlog.model.MlogException;
import io.mlog.protocol.ErrorResponse;
import io.mlog.protocol.Produce;
import io.mlog.protocol.ProduceBatch;
import io.mlog.protocol.RequestCodec;
import io.mlog.protocol.RpcRequest;
import io.mlog.protocol.RpcResponse;
import io.mlog.services.GroupCaller;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One request on its way to its response: answered once, from any thread, and measured then. A
 * silent one ({@code acks} 0) is answered by nothing whatever comes of it.
 */
final class Call {
    private static final Logger LOG = LoggerFactory.getLogger(Call.class);

    /** What the JSON RPC's clients are called in groups: their requests carry no name. */
    private static final String CLIENT_ID = "json-rpc";

    private final OptionalLong id;
    private final Exchange exchange;
    private final RequestStats stats;
    private final long startedNanos;
    private final boolean silent;

    private Call(
            OptionalLong id,
            Exchange exchange,
            RequestStats stats,
            long startedNanos,
            boolean silent) {
        this.id = id;
        this.exchange = exchange;
        this.stats = stats;
        this.startedNanos = startedNanos;
        this.silent = silent;
    }

    /** The call of a request. */
    static Call of(
            RequestCodec.Accepted request, Exchange exchange, RpcStats stats, long startedNanos) {
        return new Call(
                OptionalLong.of(request.id()),
                exchange,
                stats.of(request.request().type()),
                startedNanos,
                wantsNoResponse(request.request()));
    }

    /** Answers what is no request. */
    static void refuse(
            RequestCodec.Refused refused, Exchange exchange, RpcStats stats, long startedNanos) {
        new Call(refused.id(), exchange, stats.ofUnreadable(), startedNanos, false)
                .answer(refused.error());
    }

    private static boolean wantsNoResponse(RpcRequest<?> request) {
        return switch (request) {
            case Produce.Request produce -> produce.acks() == Acks.NONE;
            case ProduceBatch.Request produce -> produce.acks() == Acks.NONE;
            default -> false;
        };
    }

    void answer(RpcResponse response) {
        stats.answered(System.nanoTime() - startedNanos, response instanceof ErrorResponse);
        if (silent) {
            exchange.replyNothing();
        } else {
            exchange.reply(() -> PayloadWriter.ofThread().write(id, response));
        }
    }

    void refuse(ErrorCode code, String message) {
        answer(ErrorResponse.of(code, message));
    }

    /** Refuses as the failure says, or admits a bug when it does not say why. */
    void fail(Throwable failure) {
        Throwable cause = failure;
        while (cause instanceof CompletionException && cause.getCause() != null) {
            cause = cause.getCause();
        }
        if (cause instanceof MlogException refusal) {
            answer(ErrorResponse.of(refusal));
        } else {
            LOG.error("a JSON request failed", cause);
            refuse(
                    ErrorCode.UNKNOWN_SERVER_ERROR,
                    "the broker failed at this request (" + cause + "); its log has the details");
        }
    }

    /** Answers when the future is done, by its value or its failure. */
    <T> void answerWhenDone(
            CompletableFuture<T> future, Function<? super T, ? extends RpcResponse> response) {
        future.whenComplete((value, failure) -> settle(value, failure, response));
    }

    /** Goes on with the future's value on the connection's event loop, or answers its failure. */
    <T> void continueWhenDone(CompletableFuture<T> future, Step<? super T> next) {
        future.whenComplete((value, failure) -> {
            if (failure != null) {
                fail(failure);
            } else {
                execute(() -> next.take(value));
            }
        });
    }

    /**
     * Runs a part of this request's work once on the connection's event loop; its failure answers.
     */
    void execute(Runnable task) {
        exchange.execute(() -> {
            try {
                task.run();
            } catch (RuntimeException e) {
                fail(e);
            }
        });
    }

    /** What to give up when the client goes before the answer. */
    void whenAbandoned(Runnable cancel) {
        exchange.whenAbandoned(cancel);
    }

    /** The address by which this client reached us. */
    HostPort localAddress() {
        return exchange.localAddress();
    }

    /** Who asks, as a group's coordinator is told. */
    GroupCaller caller() {
        return new GroupCaller(CLIENT_ID, exchange.remoteAddress().host());
    }

    /** What follows a future's value. */
    interface Step<T> {
        void take(T value);
    }

    private <T> void settle(
            T value,
            @Nullable Throwable failure,
            Function<? super T, ? extends RpcResponse> response) {
        if (failure != null) {
            fail(failure);
            return;
        }
        RpcResponse made;
        try {
            made = response.apply(value);
        } catch (RuntimeException e) {
            fail(e);
            return;
        }
        answer(made);
    }
}
