package io.mlog.cluster.raft;

import io.mlog.cluster.raft.rpc.CommandOutcome;
import io.mlog.cluster.raft.rpc.ForwardedCommands;
import io.mlog.cluster.raft.rpc.LeaderService;
import io.mlog.cluster.raft.rpc.QuorumReply;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.protocol.ClientInvocationId;
import org.apache.ratis.server.DivisionInfo;

/** Answers other nodes: takes their commands while this node leads, and says who does. */
final class LeaderAnswers implements LeaderService {
    private static final int LONGEST_WAIT_MS = 60_000;
    private static final int MOST_RESULT_BYTES = 2 << 20;

    private final RatisServer server;
    private final Leaders leaders;
    private final Proposals proposals;
    private final QuorumContact contact;

    LeaderAnswers(RatisServer server, Leaders leaders, Proposals proposals, QuorumContact contact) {
        this.server = server;
        this.leaders = leaders;
        this.proposals = proposals;
        this.contact = contact;
    }

    @Override
    public QuorumReply submit(ForwardedCommands commands) {
        DivisionInfo info = server.info();
        if (!info.isLeader() || info.getCurrentTerm() != commands.term()) {
            return leaders.tell();
        }
        if (!info.isLeaderReady()) {
            return new QuorumReply.TryLater(server.id() + " has just become leader");
        }
        ClientId client = ClientId.valueOf(commands.client());
        List<Proposal> proposed = new ArrayList<>(commands.commands().size());
        for (ForwardedCommands.Command each : commands.commands()) {
            proposed.add(
                    proposals.propose(
                            ClientInvocationId.valueOf(client, each.callId()),
                            commands.term(),
                            each.bytes()));
        }
        return new QuorumReply.Outcomes(outcomes(proposed, commands.timeoutMs()));
    }

    @Override
    public QuorumReply catchUp(int timeoutMs) {
        try {
            return new QuorumReply.Committed(
                    contact.committed().get(bounded(timeoutMs), TimeUnit.MILLISECONDS));
        } catch (ExecutionException e) {
            return leaders.tell();
        } catch (TimeoutException e) {
            return new QuorumReply.TryLater("no majority confirmed that " + server.id() + " leads");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new QuorumReply.TryLater(server.id() + " is stopping");
        }
    }

    @Override
    public QuorumReply whoLeads() {
        return leaders.tell();
    }

    private static List<CommandOutcome> outcomes(List<Proposal> proposed, int timeoutMs) {
        long deadlineNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(bounded(timeoutMs));
        List<CommandOutcome> outcomes = new ArrayList<>(proposed.size());
        int bytes = 0;
        for (Proposal each : proposed) {
            CommandOutcome outcome = outcome(each, deadlineNanos - System.nanoTime());
            if (outcome instanceof CommandOutcome.Applied(long index, var result)) {
                bytes += result.size();
                if (bytes > MOST_RESULT_BYTES) {
                    outcome = new CommandOutcome.Unknown("the results are too large to tell");
                }
            }
            outcomes.add(outcome);
        }
        return outcomes;
    }

    private static CommandOutcome outcome(Proposal proposal, long waitNanos) {
        try {
            return Proposal.toOutcome(
                    proposal.settled().get(Math.max(0, waitNanos), TimeUnit.NANOSECONDS));
        } catch (ExecutionException | TimeoutException e) {
            return new CommandOutcome.Unknown("not committed in time");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new CommandOutcome.Unknown("the leader is stopping");
        }
    }

    private static int bounded(int timeoutMs) {
        return Math.clamp(timeoutMs, 1, LONGEST_WAIT_MS);
    }
}
