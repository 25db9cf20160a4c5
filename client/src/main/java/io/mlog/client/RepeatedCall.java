package io.mlog.client;

import io.mlog.model.ErrorCode;
import io.mlog.model.HostPort;
import io.mlog.model.MlogException;
import io.mlog.model.TopicPartition;
import io.mlog.protocol.ErrorResponse;
import io.mlog.protocol.FindTopicLeader;
import io.mlog.protocol.RpcRequest;
import io.mlog.protocol.RpcResponse;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * One request until it is answered: attempt, judge, wait, attempt again. Owned by the event loop.
 *
 * <p>NOT_LEADER and NOT_COORDINATOR with an address are followed at once, {@value #MAX_REDIRECTS}
 * times in a row at most; without one the leader is looked up. Everything else that may pass is
 * tried again after a wait. A node that is one of several which could answer has less time than the
 * whole request, so that one that is stopped or cut off stands in nobody's way.
 *
 * <p>At the deadline the last problem is reported, under its own code when it was a reply. That the
 * last attempt had little time and no answer is none, when there was a reply before.
 */
final class RepeatedCall<R extends RpcResponse> {
    private static final int MAX_REDIRECTS = 3;

    /** A request that fails for longer is worth a notice: no change of leaders takes so long. */
    private static final long NOTICE_MS = 1000;

    /** An attempt that has less than this says nothing when it gets no answer. */
    static final long LITTLE_MS = 1000;

    private final ClusterCaller caller;
    private final RpcRequest<R> request;
    private final Route route;
    private final Optional<TopicPartition> partition;
    private final Repeat repeat;
    private final Deadline deadline;
    private final CompletableFuture<R> result = new CompletableFuture<>();
    private Optional<HostPort> redirect = Optional.empty();
    private int redirects;
    private int failures;
    private boolean noticed;
    private boolean hurried;
    private boolean wasReply;
    private MlogException lastProblem =
            new MlogException(ErrorCode.REQUEST_TIMED_OUT, "there was no time for an attempt");

    RepeatedCall(
            ClusterCaller caller,
            RpcRequest<R> request,
            Route route,
            Repeat repeat,
            Deadline deadline) {
        this.caller = caller;
        this.request = request;
        this.route = route;
        this.partition =
                switch (route) {
                    case Route.Any(), Route.Coordinator(_) -> Optional.empty();
                    case Route.Leader(TopicPartition of) -> Optional.of(of);
                    case Route.Replica(TopicPartition of) -> Optional.of(of);
                };
        this.repeat = repeat;
        this.deadline = deadline;
    }

    CompletableFuture<R> result() {
        return result;
    }

    /** Makes the first attempt, or the next. */
    void attempt() {
        Guarded.run(this::attemptNow, result::completeExceptionally);
    }

    private void attemptNow() {
        if (result.isDone()) {
            return;
        }
        if (deadline.hasPassed()) {
            giveUp();
            return;
        }
        Optional<HostPort> known = redirect.or(this::knownAddress);
        if (known.isPresent()) {
            send(known.get(), deadline.remainingMs());
        } else if (partition.isEmpty()) {
            send(
                    caller.nodes().any(),
                    repeat == Repeat.ALWAYS ? patienceMs() : deadline.remainingMs());
        } else {
            findLeader(partition.get());
        }
    }

    private Optional<HostPort> knownAddress() {
        return switch (route) {
            case Route.Any() -> Optional.empty();
            case Route.Leader(TopicPartition of) -> caller.nodes().leader(of);
            case Route.Replica(TopicPartition of) -> caller.nodes().replica(of);
            case Route.Coordinator(String group) -> caller.nodes().coordinator(group);
        };
    }

    private long patienceMs() {
        return Math.min(caller.patienceMs(failures), deadline.remainingMs());
    }

    private void send(HostPort address, long timeoutMs) {
        hurried = timeoutMs < LITTLE_MS;
        caller.once(address, request, timeoutMs)
                .whenComplete(loudly((reply, failure) -> settle(address, reply, failure)));
    }

    private void findLeader(TopicPartition of) {
        HostPort address = caller.nodes().any();
        long timeoutMs = patienceMs();
        hurried = timeoutMs < LITTLE_MS;
        caller.once(address, new FindTopicLeader.Request(of.topic(), of.partition()), timeoutMs)
                .whenComplete(
                        loudly((reply, failure) -> {
                            if (reply instanceof FindTopicLeader.Response found) {
                                caller.nodes().leads(of, found.leaderAddr());
                                send(found.leaderAddr(), deadline.remainingMs());
                            } else if (reply instanceof ErrorResponse error) {
                                refused(address, error);
                            } else {
                                lookUpFailed(address, failure);
                            }
                        }));
    }

    private void lookUpFailed(HostPort address, @Nullable Throwable failure) {
        caller.nodes().failed(address);
        noAnswer(
                failure == null
                        ? address + " gave an answer that makes no sense"
                        : message(failure));
        tryLater();
    }

    private void settle(
            HostPort address, @Nullable RpcResponse reply, @Nullable Throwable failure) {
        if (failure != null) {
            failed(address, AttemptFailedException.unwrap(failure));
        } else if (reply instanceof ErrorResponse error) {
            refused(address, error);
        } else if (request.responseType().isInstance(reply)) {
            result.complete(request.responseType().cast(reply));
        } else {
            result.completeExceptionally(
                    new MlogException(
                            ErrorCode.UNKNOWN_SERVER_ERROR,
                            address + " answered " + request.type() + " with another response"));
        }
    }

    private void failed(HostPort address, Throwable failure) {
        if (!(failure instanceof AttemptFailedException attempt)) {
            result.completeExceptionally(failure);
            return;
        }
        caller.nodes().failed(address);
        leaveReplica();
        redirect = Optional.empty();
        noAnswer(message(attempt));
        if (attempt.maybeSent() && repeat == Repeat.IF_NOT_SENT) {
            result.completeExceptionally(
                    new MlogException(
                            ErrorCode.REQUEST_TIMED_OUT,
                            message(attempt)
                                    + "; whether "
                                    + request.type()
                                    + " was done is not known: look before you try again"));
            return;
        }
        tryLater();
    }

    private void noAnswer(String problem) {
        if (!(hurried && wasReply)) {
            lastProblem = new MlogException(ErrorCode.REQUEST_TIMED_OUT, problem);
            wasReply = false;
        }
    }

    private void refused(HostPort address, ErrorResponse error) {
        wasReply = true;
        lastProblem = new MlogException(error.code(), error.message());
        if (error.code() == ErrorCode.NOT_LEADER
                || error.code() == ErrorCode.REPLICA_NOT_AVAILABLE) {
            leaveReplica();
            followLeader(address, error.leader());
        } else if (error.code() == ErrorCode.NOT_COORDINATOR
                && route instanceof Route.Coordinator(String group)) {
            Optional<HostPort> elsewhere = error.leader().filter(other -> !other.equals(address));
            caller.nodes().coordinatorRefused(group, address, elsewhere);
            follow(elsewhere);
        } else if (error.code() == ErrorCode.CORRUPT_MESSAGE) {
            // Damage on a disk does not pass; the next call may find another replica without it.
            leaveReplica();
            result.completeExceptionally(lastProblem);
        } else if (mayPass(error)) {
            redirect = Optional.empty();
            tryLater();
        } else {
            result.completeExceptionally(lastProblem);
        }
    }

    private void leaveReplica() {
        if (route instanceof Route.Replica(TopicPartition of)) {
            caller.nodes().replicaFailed(of);
        }
    }

    /** A bug of ours ends the call. */
    private <T> BiConsumer<T, Throwable> loudly(BiConsumer<T, @Nullable Throwable> action) {
        return Guarded.callback(action, result::completeExceptionally);
    }

    private boolean mayPass(ErrorResponse error) {
        if (error.code() == ErrorCode.REQUEST_TIMED_OUT && repeat == Repeat.IF_NOT_SENT) {
            return false;
        }
        return error.retriable() && error.code() != ErrorCode.UNKNOWN_TOPIC_OR_PARTITION;
    }

    private void followLeader(HostPort from, Optional<HostPort> to) {
        Optional<HostPort> elsewhere = to.filter(leader -> !leader.equals(from));
        partition.ifPresent(of -> caller.nodes().leaderRefused(of, from, elsewhere));
        if (redirects == MAX_REDIRECTS) {
            partition.ifPresent(caller.nodes()::forgetLeader);
        }
        follow(elsewhere);
    }

    private void follow(Optional<HostPort> elsewhere) {
        redirect = Optional.empty();
        if (elsewhere.isEmpty() || route instanceof Route.Replica || redirects == MAX_REDIRECTS) {
            redirects = 0;
            tryLater();
            return;
        }
        redirects++;
        redirect = elsewhere;
        attempt();
    }

    private void tryLater() {
        failures++;
        long waitMs = Math.min(caller.backoff().delayMs(failures), deadline.remainingMs());
        if (waitMs == 0) {
            giveUp();
        } else {
            noticeOnce();
            caller.loop().schedule(this::attempt, waitMs, TimeUnit.MILLISECONDS);
        }
    }

    private void noticeOnce() {
        long left = deadline.remainingMs();
        if (!noticed && deadline.allowedMs() - left >= NOTICE_MS) {
            noticed = true;
            caller.notice(
                    "%s does not succeed, trying for %d ms more: %s"
                            .formatted(request.type(), left, lastProblem.reason()));
        }
    }

    private void giveUp() {
        result.completeExceptionally(
                new MlogException(
                        lastProblem.code(),
                        "%s did not succeed within %d ms: %s"
                                .formatted(
                                        request.type(),
                                        deadline.allowedMs(),
                                        lastProblem.reason())));
    }

    private static String message(Throwable failure) {
        return String.valueOf(AttemptFailedException.unwrap(failure).getMessage());
    }
}
