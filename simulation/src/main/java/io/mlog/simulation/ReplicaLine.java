package io.mlog.simulation;

import io.mlog.broker.replica.BrokerEndpoint;
import io.mlog.broker.replica.FetchOutcome;
import io.mlog.broker.replica.ReplicaLink;
import io.mlog.services.LeaderAnswer;
import io.mlog.services.ReplicaFetchCommand;
import io.mlog.services.ReplicaFetched;
import io.mlog.services.WaitingFetch;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The way of a fetcher to its leader over the simulated network, in place of sockets and Kafka's
 * encoding: the same order, the same giving up of a leader that is silent for too long.
 */
final class ReplicaLine implements ReplicaLink {
    private static final long GRACE_MS = 900;

    private final int self;
    private final Lifetime owner;
    private final BrokerEndpoint leader;
    private final Machines machines;
    private final String what;
    private final ArrayDeque<Outstanding> outstanding = new ArrayDeque<>();
    private @Nullable Connection connection;

    /** An exchange; also what the leader's wait for it is cancelled by. */
    private static final class Outstanding {
        private final Consumer<FetchOutcome> done;
        private Scheduler.@Nullable Event patience;

        Outstanding(Consumer<FetchOutcome> done) {
            this.done = done;
        }

        void settled() {
            if (patience != null) {
                patience.cancel();
            }
        }
    }

    ReplicaLine(int self, Lifetime owner, BrokerEndpoint leader, Machines machines) {
        this.self = self;
        this.owner = owner;
        this.leader = leader;
        this.machines = machines;
        this.what = owner.name() + " hears broker " + leader.brokerId();
    }

    @Override
    public void fetch(ReplicaFetchCommand command, Consumer<FetchOutcome> done) {
        Connection line = connected();
        Outstanding request = new Outstanding(done);
        outstanding.add(request);
        request.patience =
                owner.afterMicros(
                        (command.maxWaitMs() + GRACE_MS) * 1000,
                        what + " say nothing",
                        () -> giveUp(line));
        line.request(
                owner.name() + " fetches from broker " + leader.brokerId(),
                life -> serve(life, command, line));
    }

    private Connection connected() {
        Connection present = connection;
        if (present == null) {
            Connection[] made = new Connection[1];
            made[0] =
                    machines.network()
                            .connect(
                                    self,
                                    machines.broker(leader.brokerId()),
                                    () -> broken(made[0]));
            present = made[0];
            connection = present;
        }
        return present;
    }

    /** Runs at the leader. */
    private void serve(BrokerLife life, ReplicaFetchCommand command, Connection line) {
        WaitingFetch[] waiting = {WaitingFetch.NOT_WAITING};
        boolean[] answered = {false};
        waiting[0] =
                life.sessions()
                        .fetch(
                                command,
                                fetched -> {
                                    answered[0] = true;
                                    line.waitsNoMore(waiting[0]);
                                    LeaderAnswer answer = encoded(fetched);
                                    line.reply(what, () -> arrived(line, answer));
                                });
        if (!answered[0]) {
            line.waits(waiting[0]);
        }
    }

    private static LeaderAnswer encoded(ReplicaFetched fetched) {
        List<LeaderAnswer.Entry> entries = new ArrayList<>(fetched.found().size());
        for (ReplicaFetched.Found each : fetched.found()) {
            ByteBuffer bytes = ByteBuffer.allocate(each.records().sizeBytes());
            try {
                each.records().read(0, bytes);
            } catch (IOException failure) {
                throw new Violation("records cannot be sent: " + failure, failure);
            } finally {
                each.records().release();
            }
            entries.add(
                    new LeaderAnswer.Entry(
                            each.partition(),
                            each.error(),
                            each.highWatermark(),
                            each.logStartOffset(),
                            each.divergence(),
                            bytes.flip()));
        }
        return new LeaderAnswer(fetched.error(), fetched.sessionId(), entries);
    }

    private void arrived(Connection line, LeaderAnswer answer) {
        if (owner.isOver() || line != connection) {
            return;
        }
        Outstanding oldest = outstanding.remove();
        oldest.settled();
        oldest.done.accept(new FetchOutcome.Answered(answer));
    }

    private void broken(Connection line) {
        if (!owner.isOver() && line == connection) {
            fail(FetchOutcome.Cause.UNREACHABLE, "the connection broke");
        }
    }

    private void giveUp(Connection line) {
        if (line == connection) {
            line.close();
            fail(FetchOutcome.Cause.SILENT, "nothing came");
        }
    }

    private void fail(FetchOutcome.Cause cause, String reason) {
        connection = null;
        List<Outstanding> failed = List.copyOf(outstanding);
        outstanding.clear();
        for (Outstanding each : failed) {
            each.settled();
            each.done.accept(new FetchOutcome.Lost(cause, reason));
        }
    }

    @Override
    public void execute(Runnable task) {
        owner.execute(task);
    }

    @Override
    public void close() {
        outstanding.forEach(Outstanding::settled);
        outstanding.clear();
        if (connection != null) {
            connection.close();
            connection = null;
        }
    }
}
