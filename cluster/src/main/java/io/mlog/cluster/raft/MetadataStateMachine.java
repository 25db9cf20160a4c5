package io.mlog.cluster.raft;

import io.mlog.cluster.raft.SnapshotFiles.Snapshot;
import io.mlog.core.metadata.CommandCodec;
import io.mlog.core.metadata.CommandResult;
import io.mlog.core.metadata.MetadataCommand;
import io.mlog.core.metadata.MetadataImage;
import io.mlog.core.metadata.MetadataMachine;
import java.io.IOException;
import java.util.Collection;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.proto.RaftProtos.RoleInfoProto;
import org.apache.ratis.protocol.ClientInvocationId;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftClientRequest;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftGroupMemberId;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.protocol.exceptions.StateMachineException;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.protocol.TermIndex;
import org.apache.ratis.server.raftlog.RaftLog;
import org.apache.ratis.server.storage.RaftStorage;
import org.apache.ratis.statemachine.SnapshotInfo;
import org.apache.ratis.statemachine.StateMachineStorage;
import org.apache.ratis.statemachine.TransactionContext;
import org.apache.ratis.statemachine.impl.BaseStateMachine;
import org.apache.ratis.util.LifeCycle;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Feeds the {@link MetadataMachine} from Ratis' log. Commands are applied, snapshots taken and
 * loaded on Ratis' one updater thread (loading at the start on the starting thread, before it). Who
 * waits for a command is answered right after it was applied.
 */
final class MetadataStateMachine extends BaseStateMachine {
    /** What happens to the log that its owner must know. */
    interface Events {
        /** A new image; on the apply thread. */
        void applied(MetadataImage image);

        /** A command was applied that {@code client} submitted; on the apply thread. */
        void answered(ClientInvocationId invocation, CommandResult result);

        /** Everything up to that entry is applied, of whatever kind; on the apply thread. */
        void advanced(TermIndex to);

        /** Everything up to that entry came with a snapshot; on the apply thread. */
        void skipped(TermIndex to);

        /** The proposal that {@code request} carries the command of, when it is of this life. */
        Optional<Proposal> proposalOf(RaftClientRequest request);

        /** The present term of this node. */
        long term();

        /** A hash is due to be told to the others; on the apply thread. */
        void comparisonDue(MetadataCommand.CompareImage comparison);

        /** Another leader, or this node leads or does not; with Ratis' locks held. */
        void leadershipChanged();

        /** This node leads and has applied all that was committed before. */
        void leaderReady();

        /** The log cannot be written any more. */
        void logFailed(Throwable cause);

        /** No command will be applied any more, for {@code cause}. */
        void broken(Throwable cause);

        /** The others have taken this node out of the quorum; the machine was closed for that. */
        void removed();

        /** The machine was closed, as asked or not. */
        void closed();
    }

    private static final Logger LOG = LoggerFactory.getLogger(MetadataStateMachine.class);

    static final int ENTRIES_BETWEEN_ATTEMPTS = 500;

    private final Events events;
    private final SnapshotFiles snapshots = new SnapshotFiles();
    private MetadataMachine machine = new MetadataMachine(MetadataImage.EMPTY);
    private long noSnapshotBefore;
    private @Nullable IllegalStateException failure;

    MetadataStateMachine(Events events) {
        this.events = events;
    }

    @Override
    public void initialize(RaftServer server, RaftGroupId group, RaftStorage storage)
            throws IOException {
        // Ratis asserts the life cycle's states but leaves moving through them to us.
        getLifeCycle()
                .startAndTransition(
                        () -> {
                            super.initialize(server, group, storage);
                            snapshots.open(storage);
                            load();
                        },
                        IOException.class);
    }

    /** Before another node's snapshot replaces ours. */
    @Override
    public void pause() {
        getLifeCycle().transition(LifeCycle.State.PAUSING);
        getLifeCycle().transition(LifeCycle.State.PAUSED);
    }

    @Override
    public void reinitialize() throws IOException {
        getLifeCycle().transition(LifeCycle.State.STARTING);
        load();
        getLifeCycle().transition(LifeCycle.State.RUNNING);
    }

    @Override
    public TransactionContext startTransaction(RaftClientRequest request) throws IOException {
        TransactionContext transaction = super.startTransaction(request);
        events.proposalOf(request).ifPresent(transaction::setStateMachineContext);
        return transaction;
    }

    /**
     * With Ratis' locks held: the term does not change until the command is in the log. A command
     * that was meant for an earlier leadership of this node must not get into this one's.
     */
    @Override
    public TransactionContext preAppendTransaction(TransactionContext transaction)
            throws IOException {
        if (transaction.getStateMachineContext() instanceof Proposal proposal
                && !proposal.append(events.term())) {
            throw new StateMachineException("the leadership has changed meanwhile", false);
        }
        return transaction;
    }

    /**
     * Never throws: a Ratis that is closed while it handles that waits for a day. After a failure
     * the machine stands still instead, and takes no snapshot any more, until the process ends.
     */
    @Override
    public CompletableFuture<Message> applyTransaction(TransactionContext transaction) {
        LogEntryProto entry = transaction.getLogEntry();
        if (failure != null) {
            return CompletableFuture.failedFuture(failure);
        }
        try {
            CommandResult result = apply(entry);
            updateLastAppliedTermIndex(entry.getTerm(), entry.getIndex());
            events.applied(machine.image());
            if (transaction.getStateMachineContext() instanceof Proposal proposal) {
                proposal.applied(entry.getIndex(), result);
            }
            events.answered(ClientInvocationId.valueOf(entry.getStateMachineLogEntry()), result);
            events.advanced(getLastAppliedTermIndex());
            machine.takeDueComparison().ifPresent(events::comparisonDue);
            return CompletableFuture.completedFuture(Message.EMPTY);
        } catch (RuntimeException | Error e) {
            failure =
                    new IllegalStateException(
                            "metadata entry %d of term %d cannot be applied: %s"
                                    .formatted(entry.getIndex(), entry.getTerm(), e.getMessage()),
                            e);
            events.broken(failure);
            return CompletableFuture.failedFuture(failure);
        }
    }

    /** An entry that is no command was applied. */
    @Override
    public void notifyTermIndexUpdated(long term, long index) {
        super.notifyTermIndexUpdated(term, index);
        events.advanced(getLastAppliedTermIndex());
    }

    private CommandResult apply(LogEntryProto entry) {
        MetadataCommand command =
                CommandCodec.decode(
                        entry.getStateMachineLogEntry().getLogData().asReadOnlyByteBuffer());
        return machine.apply(entry.getIndex(), command);
    }

    /**
     * Taken when Ratis finds it due, which after a failure is after every command: a disk that is
     * full is left alone for a while instead. The log keeps everything meanwhile.
     */
    @Override
    public long takeSnapshot() {
        TermIndex at = getLastAppliedTermIndex();
        if (failure != null || at == null || at.getIndex() < Math.max(0, noSnapshotBefore)) {
            return RaftLog.INVALID_LOG_INDEX;
        }
        try {
            snapshots.write(new Snapshot(machine.image(), at));
            return at.getIndex();
        } catch (IOException e) {
            noSnapshotBefore = at.getIndex() + ENTRIES_BETWEEN_ATTEMPTS;
            LOG.warn(
                    "metadata snapshot at entry {} could not be written, the next attempt is at"
                            + " entry {}: {}",
                    at.getIndex(),
                    noSnapshotBefore,
                    e.toString());
            return RaftLog.INVALID_LOG_INDEX;
        }
    }

    @Override
    public StateMachineStorage getStateMachineStorage() {
        return snapshots.storage();
    }

    @Override
    public SnapshotInfo getLatestSnapshot() {
        return snapshots.storage().getLatestSnapshot();
    }

    @Override
    public void notifyLeaderChanged(RaftGroupMemberId member, RaftPeerId newLeader) {
        events.leadershipChanged();
    }

    @Override
    public void notifyNotLeader(Collection<TransactionContext> pending) {
        events.leadershipChanged();
    }

    @Override
    public void notifyLeaderReady() {
        events.leaderReady();
    }

    @Override
    public void notifyServerShutdown(RoleInfoProto role, boolean asAWhole) {
        if (!asAWhole) {
            events.removed();
        }
    }

    @Override
    public void notifyLogFailed(Throwable cause, LogEntryProto failedEntry) {
        events.logFailed(cause);
    }

    @Override
    public void close() throws IOException {
        super.close();
        events.closed();
    }

    private void load() throws IOException {
        Optional<Snapshot> latest = snapshots.loadLatest();
        if (latest.isPresent()) {
            machine = new MetadataMachine(latest.get().image());
            setLastAppliedTermIndex(latest.get().at());
            events.applied(machine.image());
            events.skipped(latest.get().at());
        }
    }
}
