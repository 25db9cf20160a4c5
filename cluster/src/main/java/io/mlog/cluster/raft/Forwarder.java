package io.mlog.cluster.raft;

import io.mlog.cluster.raft.Leaders.Found;
import io.mlog.cluster.raft.rpc.CommandOutcome;
import io.mlog.cluster.raft.rpc.ForwardedCommands;
import io.mlog.cluster.raft.rpc.ForwardedCommands.Command;
import io.mlog.cluster.raft.rpc.NotSentException;
import io.mlog.cluster.raft.rpc.PeerLines;
import io.mlog.cluster.raft.rpc.QuorumClient;
import io.mlog.cluster.raft.rpc.QuorumReply;
import io.mlog.core.metadata.CommandResult;
import io.mlog.core.metadata.MetadataFormatException;
import io.mlog.core.metadata.ResultCodec;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands commands to one leader in one term, in their order: whatever came while one batch was under
 * way goes with the next. A virtual thread sends while there is something to send; the queue is
 * guarded by this object's monitor and bounded by the number of commands that may wait.
 */
final class Forwarder {
    private static final Logger LOG = LoggerFactory.getLogger(Forwarder.class);

    private final Found.There leader;
    private final RatisServer server;
    private final Leaders leaders;
    private final Submissions submissions;
    private final QuorumClient client;
    private final PeerLines lines;
    private final AppliedIndex applied;
    private final Consumer<Submission> park;
    private final Deque<Submission> queue = new ArrayDeque<>();
    private boolean sending;
    private boolean closed;

    private record Sent(Submission submission, long callId) {}

    /**
     * @param park takes what this leader did not take
     */
    Forwarder(
            Found.There leader,
            RatisServer server,
            Leaders leaders,
            Submissions submissions,
            QuorumClient client,
            PeerLines lines,
            AppliedIndex applied,
            Consumer<Submission> park) {
        this.leader = leader;
        this.server = server;
        this.leaders = leaders;
        this.submissions = submissions;
        this.client = client;
        this.lines = lines;
        this.applied = applied;
        this.park = park;
    }

    boolean isTo(Found.There there) {
        return leader.equals(there);
    }

    boolean leadsBefore(long term) {
        return leader.term() < term;
    }

    /**
     * @return false when closed
     */
    synchronized boolean add(Submission submission) {
        if (closed) {
            return false;
        }
        queue.add(submission);
        if (!sending) {
            sending = true;
            Thread.ofVirtual().name("raft-forward").start(this::sendAll);
        }
        return true;
    }

    /** Another one leads: what was not sent is given back, and nobody waits for answers here. */
    void close() {
        List<Submission> unsent;
        synchronized (this) {
            closed = true;
            unsent = List.copyOf(queue);
            queue.clear();
        }
        lines.dropCommands(leader.peer());
        unsent.forEach(park);
    }

    private void sendAll() {
        for (List<Sent> batch = nextBatch(); !batch.isEmpty(); batch = nextBatch()) {
            send(batch);
        }
    }

    /** Empty when there is nothing to send for now. */
    private List<Sent> nextBatch() {
        List<Sent> batch = new ArrayList<>();
        int bytes = 0;
        while (batch.size() < ForwardedCommands.MOST && bytes < ForwardedCommands.ENOUGH_BYTES) {
            Submission next;
            synchronized (this) {
                next = queue.poll();
                if (next == null) {
                    sending = !batch.isEmpty();
                    return batch;
                }
            }
            long callId = server.nextCallId();
            if (submissions.take(next, callId, leader.term())) {
                batch.add(new Sent(next, callId));
                bytes += next.command().size();
            } else {
                park.accept(next);
            }
        }
        return batch;
    }

    private void send(List<Sent> batch) {
        int timeoutMs = 1;
        List<Command> commands = new ArrayList<>(batch.size());
        for (Sent sent : batch) {
            commands.add(new Command(sent.callId(), sent.submission().command()));
            timeoutMs = Math.max(timeoutMs, sent.submission().remainingMs());
        }
        try {
            QuorumReply reply =
                    client.submit(
                            leader.peer(),
                            new ForwardedCommands(
                                    server.clientUuid(), leader.term(), timeoutMs, commands));
            replied(batch, reply);
        } catch (NotSentException e) {
            leaders.forget(leader);
            giveBack(batch, "%s cannot be reached: %s".formatted(leader.peer(), e.getMessage()));
        } catch (IOException e) {
            // The leader may have them: either they are applied, or an entry of a later term is.
            LOG.debug("commands handed to {} were not answered", leader.peer(), e);
        }
    }

    private void replied(List<Sent> batch, QuorumReply reply) {
        switch (reply) {
            case QuorumReply.Outcomes(var outcomes) when outcomes.size() == batch.size() -> {
                for (int i = 0; i < batch.size(); i++) {
                    settled(batch.get(i), outcomes.get(i));
                }
            }
            case QuorumReply.Leads leads -> {
                leaders.forget(leader);
                leaders.learn(leads);
                giveBack(batch, leader.peer() + " does not lead the metadata");
            }
            case QuorumReply.TryLater(String reason) -> giveBack(batch, reason);
            case QuorumReply.Outcomes others ->
                    LOG.warn(
                            "{} answered {} commands with {} outcomes",
                            leader.peer(),
                            batch.size(),
                            others.outcomes().size());
            case QuorumReply.Committed committed ->
                    LOG.warn("{} answered commands with an index", leader.peer());
        }
    }

    private void giveBack(List<Sent> batch, String reason) {
        for (Sent sent : batch) {
            giveBack(sent, reason);
        }
    }

    private void giveBack(Sent sent, String reason) {
        if (submissions.untaken(sent.submission(), sent.callId(), reason)) {
            park.accept(sent.submission());
        }
    }

    private void settled(Sent sent, CommandOutcome outcome) {
        switch (outcome) {
            case CommandOutcome.Applied(long index, var result) ->
                    answerOnceApplied(sent.submission(), index, result.asReadOnlyByteBuffer());
            case CommandOutcome.Untaken(String reason) -> giveBack(sent, reason);
            case CommandOutcome.Refused(var code, String sentence) ->
                    sent.submission().fail(code, sentence);
            case CommandOutcome.Unknown unknown -> {}
        }
    }

    /** Usually this node has applied it by then and answered itself. */
    private void answerOnceApplied(Submission submission, long index, ByteBuffer bytes) {
        if (submission.isDone()) {
            return;
        }
        CommandResult result;
        try {
            result = ResultCodec.decode(bytes);
        } catch (MetadataFormatException e) {
            LOG.warn("{} told a result that cannot be read: {}", leader.peer(), e.getMessage());
            return;
        }
        CompletableFuture<Long> reached = applied.reached(index);
        reached.thenAccept(any -> submission.answer(result));
        submission.result().whenComplete((done, failure) -> reached.cancel(false));
    }
}
