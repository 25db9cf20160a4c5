package io.mlog.cluster.raft;

import io.mlog.cluster.raft.Leaders.Found;
import io.mlog.cluster.raft.rpc.QuorumClient;
import io.mlog.cluster.raft.rpc.QuorumReply;
import io.mlog.model.ErrorCode;
import io.mlog.model.MlogException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Catches this node up with all that is committed. One question to the leader is under way at a
 * time; whoever asks meanwhile shares the next one, so that a thousand callers cost two questions.
 * Guarded by its monitor.
 */
final class Barriers {
    private static final int QUESTION_MS = 1000;
    private static final int RETRY_MS = 20;

    private final Leaders leaders;
    private final QuorumContact contact;
    private final QuorumClient client;
    private final AppliedIndex applied;
    private final int most;
    private final int timeoutMs;
    private List<CompletableFuture<Long>> next = new ArrayList<>();
    private int waiting;
    private boolean asking;
    private boolean closed;

    Barriers(
            Leaders leaders,
            QuorumContact contact,
            QuorumClient client,
            AppliedIndex applied,
            int most,
            int timeoutMs) {
        this.leaders = leaders;
        this.contact = contact;
        this.client = client;
        this.applied = applied;
        this.most = most;
        this.timeoutMs = timeoutMs;
    }

    /** Done once this node has applied what was committed at the call. */
    CompletableFuture<Long> barrier() {
        CompletableFuture<Long> barrier = new CompletableFuture<>();
        synchronized (this) {
            if (closed || waiting >= most) {
                return CompletableFuture.failedFuture(
                        new MlogException(
                                ErrorCode.NOT_READY,
                                closed
                                        ? "this node is stopping"
                                        : "%d callers wait already for this node to catch up"
                                                .formatted(most)));
            }
            waiting++;
            next.add(barrier);
            if (!asking) {
                asking = true;
                Thread.ofVirtual().name("raft-barrier").start(this::askAll);
            }
        }
        barrier.whenComplete((index, failure) -> left());
        return barrier.orTimeout(timeoutMs, TimeUnit.MILLISECONDS)
                .exceptionallyCompose(this::tellWhy);
    }

    synchronized void close() {
        closed = true;
        next.forEach(barrier -> barrier.cancel(false));
    }

    private synchronized void left() {
        waiting--;
    }

    private void askAll() {
        for (List<CompletableFuture<Long>> batch = takeNext();
                !batch.isEmpty();
                batch = takeNext()) {
            ask(batch);
        }
    }

    private synchronized List<CompletableFuture<Long>> takeNext() {
        List<CompletableFuture<Long>> batch = next;
        next = new ArrayList<>();
        asking = !batch.isEmpty();
        return batch;
    }

    private void ask(List<CompletableFuture<Long>> batch) {
        try {
            while (!batch.stream().allMatch(CompletableFuture::isDone)) {
                if (askOnce(batch)) {
                    return;
                }
                TimeUnit.MILLISECONDS.sleep(RETRY_MS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            batch.forEach(barrier -> barrier.cancel(false));
        }
    }

    /** Whether the leader has answered. */
    private boolean askOnce(List<CompletableFuture<Long>> batch) throws InterruptedException {
        switch (leaders.find()) {
            case Found.Here here -> {
                try {
                    complete(batch, contact.committed().get(QUESTION_MS, TimeUnit.MILLISECONDS));
                    return true;
                } catch (ExecutionException | TimeoutException e) {
                    return false;
                }
            }
            case Found.There there -> {
                try {
                    QuorumReply reply = client.catchUp(there.peer(), QUESTION_MS);
                    if (reply instanceof QuorumReply.Committed(long index)) {
                        complete(batch, index);
                        return true;
                    }
                    leaders.forget(there);
                    if (reply instanceof QuorumReply.Leads told) {
                        leaders.learn(told);
                    }
                } catch (IOException e) {
                    leaders.forget(there);
                }
                return false;
            }
            case Found.Nobody nobody -> {
                leaders.ask();
                return false;
            }
        }
    }

    private void complete(List<CompletableFuture<Long>> batch, long index) {
        CompletableFuture<Long> reached = applied.reached(index);
        CompletableFuture.allOf(batch.toArray(CompletableFuture[]::new))
                .whenComplete((done, failure) -> reached.cancel(false));
        reached.thenAccept(last -> batch.forEach(barrier -> barrier.complete(last)));
    }

    private CompletableFuture<Long> tellWhy(Throwable failure) {
        boolean leaderless = leaders.find() instanceof Found.Nobody;
        ErrorCode code =
                failure instanceof TimeoutException
                        ? leaderless ? ErrorCode.NOT_CONTROLLER : ErrorCode.REQUEST_TIMED_OUT
                        : ErrorCode.NOT_READY;
        return CompletableFuture.failedFuture(
                new MlogException(
                        code,
                        switch (code) {
                            case NOT_CONTROLLER ->
                                    "no leader of the metadata was found within %d ms"
                                            .formatted(timeoutMs);
                            case REQUEST_TIMED_OUT ->
                                    "this node did not catch up with the metadata within %d ms"
                                            .formatted(timeoutMs);
                            default -> "this node is stopping";
                        }));
    }
}
