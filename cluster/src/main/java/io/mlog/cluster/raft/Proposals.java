package io.mlog.cluster.raft;

import io.mlog.model.ErrorCode;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.ratis.protocol.ClientInvocationId;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.protocol.RaftClientRequest;
import org.apache.ratis.protocol.exceptions.NotLeaderException;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * Puts commands into the log of this node while it leads: its own, and those that other nodes hand
 * over. At most a fixed number wait at once. Any thread.
 */
final class Proposals {
    private final RatisServer server;
    private final int most;
    private final AtomicInteger count = new AtomicInteger();
    private final Map<ClientInvocationId, Proposal> open = new ConcurrentHashMap<>();
    private volatile @Nullable Throwable logFailure;

    /**
     * @param most commands that may wait at once
     */
    Proposals(RatisServer server, int most) {
        this.server = server;
        this.most = most;
    }

    /**
     * Puts a command into the log, when this node leads in {@code term} as it is appended. Blocks
     * while Ratis takes it, not until it is committed.
     *
     * @param id never used for another command
     */
    Proposal propose(ClientInvocationId id, long term, ByteString command) {
        Proposal proposal = new Proposal(term);
        if (count.incrementAndGet() > most) {
            count.decrementAndGet();
            proposal.refused(ErrorCode.NOT_READY, tooMany());
            return proposal;
        }
        open.put(id, proposal);
        proposal.settled()
                .whenComplete((settled, failure) -> {
                    open.remove(id);
                    count.decrementAndGet();
                });
        handOver(id, command, proposal);
        return proposal;
    }

    /** The proposal that {@code request} carries the command of. */
    Optional<Proposal> of(RaftClientRequest request) {
        return Optional.ofNullable(open.get(ClientInvocationId.valueOf(request)));
    }

    /**
     * The log cannot be written any more: Ratis leaves those that wait for it without an answer.
     */
    void logFailed(Throwable cause) {
        logFailure = cause;
        open.values().forEach(proposal -> notTaken(proposal, cause));
    }

    /** Why the log cannot be written. */
    Optional<Throwable> logFailure() {
        return Optional.ofNullable(logFailure);
    }

    /** Nothing will be applied here any more. */
    void close(String reason) {
        open.values().forEach(proposal -> proposal.failed(reason));
    }

    private String tooMany() {
        return "%d changes of metadata wait already, which is the most; try again".formatted(most);
    }

    private void handOver(ClientInvocationId id, ByteString command, Proposal proposal) {
        try {
            server.submit(
                            server.request(id, RaftClientRequest.writeRequestType())
                                    .setMessage(Message.valueOf(command))
                                    .build())
                    .whenComplete((reply, failure) -> replied(proposal, reply, failure));
        } catch (IOException | RuntimeException e) {
            notTaken(proposal, e);
        }
    }

    /** A command that was applied here has been answered by then; what is left are failures. */
    private void replied(
            Proposal proposal, @Nullable RaftClientReply reply, @Nullable Throwable failure) {
        if (proposal.settled().isDone()) {
            return;
        }
        NotLeaderException elsewhere = reply == null ? null : reply.getNotLeaderException();
        if (elsewhere != null) {
            proposal.failed("this node does not lead the metadata");
        } else if (reply != null && reply.getLeaderNotReadyException() != null) {
            proposal.failed("this node has just become leader of the metadata");
        } else {
            notTaken(proposal, reply == null ? failure : reply.getException());
        }
    }

    private void notTaken(Proposal proposal, @Nullable Throwable cause) {
        Throwable failure = logFailure;
        if (failure == null) {
            proposal.failed("the metadata log did not take the change: " + Causes.root(cause));
        } else if (proposal.isAppended()) {
            proposal.refused(
                    ErrorCode.REQUEST_TIMED_OUT,
                    "the change may still happen later, but now " + LogFailures.sentence(failure));
        } else {
            proposal.refused(LogFailures.code(failure), LogFailures.sentence(failure));
        }
    }
}
