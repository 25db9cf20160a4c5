package io.mlog.cluster.raft;

import io.mlog.cluster.raft.Leaders.Found;
import io.mlog.cluster.raft.rpc.CommandOutcome;
import io.mlog.cluster.raft.rpc.PeerLines;
import io.mlog.cluster.raft.rpc.QuorumClient;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.ratis.protocol.ClientInvocationId;
import org.jspecify.annotations.Nullable;

/**
 * Brings each command of this node to whoever leads: into this node's log, or over the wire. What
 * no leader has taken is tried again until its time is over; commands submitted one after the other
 * stay in their order unless that happens. Any thread.
 */
final class CommandRouter {
    private static final int RETRY_MS = 10;

    private final RatisServer server;
    private final Leaders leaders;
    private final Proposals proposals;
    private final Submissions submissions;
    private final QuorumClient client;
    private final PeerLines lines;
    private final AppliedIndex applied;
    private final Queue<Submission> parked = new ConcurrentLinkedQueue<>(); // <= submissions' most
    private final AtomicBoolean retrying = new AtomicBoolean();
    private final Executor retries =
            CompletableFuture.delayedExecutor(
                    RETRY_MS,
                    TimeUnit.MILLISECONDS,
                    task -> Thread.ofVirtual().name("raft-retry").start(task));
    private @Nullable Forwarder forwarder; // guarded by this
    private long appliedTerm; // apply thread

    CommandRouter(
            RatisServer server,
            Leaders leaders,
            Proposals proposals,
            Submissions submissions,
            QuorumClient client,
            PeerLines lines,
            AppliedIndex applied) {
        this.server = server;
        this.leaders = leaders;
        this.proposals = proposals;
        this.submissions = submissions;
        this.client = client;
        this.lines = lines;
        this.applied = applied;
    }

    /** Gives the command to the leader, now or as soon as there is one. */
    void route(Submission submission) {
        switch (leaders.find()) {
            case Found.Here here -> propose(submission, here.term());
            case Found.There there -> forward(submission, there);
            case Found.Nobody nobody -> park(submission);
        }
    }

    /** The same for commands that were lost; off the caller's thread, which may be Raft's. */
    void routeAgain(List<Submission> lost) {
        if (!lost.isEmpty()) {
            Thread.ofVirtual().name("raft-again").start(() -> lost.forEach(this::route));
        }
    }

    /**
     * An entry of {@code term} was applied: whoever led before leads no more, so what waits to be
     * sent to it, behind a call that may never be answered, is for the present leader. Apply
     * thread.
     */
    void termApplied(long term) {
        if (term > appliedTerm) {
            appliedTerm = term;
            Thread.ofVirtual().name("raft-again").start(() -> leave(term));
        }
    }

    private synchronized void leave(long term) {
        if (forwarder != null && forwarder.leadsBefore(term)) {
            forwarder.close();
            forwarder = null;
        }
    }

    /** Tries again in a moment, unless somebody has it. */
    void park(Submission submission) {
        if (!submission.isDone() && submission.call().isEmpty()) {
            parked.add(submission);
            retryLater();
        }
    }

    /** Stops forwarding; nothing is tried again. */
    synchronized void close() {
        if (forwarder != null) {
            forwarder.close();
        }
    }

    private void retryLater() {
        if (retrying.compareAndSet(false, true)) {
            retries.execute(this::retry);
        }
    }

    private void retry() {
        retrying.set(false);
        parked.removeIf(Submission::isDone);
        if (parked.isEmpty()) {
            return;
        }
        if (leaders.find() instanceof Found.Nobody) {
            leaders.ask();
            retryLater();
            return;
        }
        // No more than are there now: what is parked again meanwhile waits its time.
        for (int i = parked.size(); i > 0; i--) {
            Submission next = parked.poll();
            if (next != null) {
                route(next);
            }
        }
    }

    private void propose(Submission submission, long term) {
        long callId = server.nextCallId();
        if (!submissions.take(submission, callId, term)) {
            park(submission);
            return;
        }
        proposals
                .propose(
                        ClientInvocationId.valueOf(server.client(), callId),
                        term,
                        submission.command())
                .settled()
                .thenAccept(settled -> {
                    if (settled instanceof Proposal.Settled.Otherwise(CommandOutcome outcome)) {
                        settled(submission, callId, outcome);
                    }
                });
    }

    /** A command that was applied here is answered by the log itself. */
    private void settled(Submission submission, long callId, CommandOutcome outcome) {
        switch (outcome) {
            case CommandOutcome.Untaken(String reason) -> {
                if (submissions.untaken(submission, callId, reason)) {
                    park(submission);
                }
            }
            case CommandOutcome.Refused(var code, var sentence) -> submission.fail(code, sentence);
            case CommandOutcome.Applied done -> {}
            case CommandOutcome.Unknown unknown -> {}
        }
    }

    private void forward(Submission submission, Found.There there) {
        if (!forwarderTo(there).add(submission)) {
            park(submission);
        }
    }

    private synchronized Forwarder forwarderTo(Found.There there) {
        Forwarder present = forwarder;
        if (present != null && present.isTo(there)) {
            return present;
        }
        if (present != null) {
            present.close();
        }
        Forwarder next =
                new Forwarder(
                        there, server, leaders, submissions, client, lines, applied, this::park);
        forwarder = next;
        return next;
    }
}
