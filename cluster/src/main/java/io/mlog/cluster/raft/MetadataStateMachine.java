package io.mlog.cluster.raft;

import io.mlog.cluster.raft.SnapshotFiles.Snapshot;
import io.mlog.core.metadata.CommandCodec;
import io.mlog.core.metadata.CommandResult;
import io.mlog.core.metadata.MetadataCommand;
import io.mlog.core.metadata.MetadataImage;
import io.mlog.core.metadata.MetadataMachine;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftClientRequest;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.protocol.TermIndex;
import org.apache.ratis.server.raftlog.RaftLog;
import org.apache.ratis.server.storage.RaftStorage;
import org.apache.ratis.statemachine.SnapshotInfo;
import org.apache.ratis.statemachine.StateMachineStorage;
import org.apache.ratis.statemachine.TransactionContext;
import org.apache.ratis.statemachine.impl.BaseStateMachine;
import org.apache.ratis.util.LifeCycle;

/**
 * Feeds the {@link MetadataMachine} from Ratis' log. Commands are applied, snapshots taken and
 * loaded on Ratis' one updater thread (loading at the start on the starting thread, before it). The
 * command's submitter, when it is on this node, is answered right after its command was applied.
 */
final class MetadataStateMachine extends BaseStateMachine {
    /** What happens to the log that its owner must know. */
    interface Events {
        /** A new image; on the apply thread. */
        void applied(MetadataImage image);

        /** The submission that {@code request} carries the command of, when it is of this life. */
        Optional<Submission> submissionOf(RaftClientRequest request);

        /** A hash is due to be told to the others; on the apply thread. */
        void comparisonDue(MetadataCommand.CompareImage comparison);

        /** This node leads and has applied all that was committed before. */
        void leaderReady();

        /** The log cannot be written any more. */
        void logFailed(Throwable cause);

        /** No command will be applied any more, for {@code cause}. */
        void broken(Throwable cause);

        /** The machine was closed, as asked or not. */
        void closed();
    }

    private final Events events;
    private final SnapshotFiles snapshots = new SnapshotFiles();
    private MetadataMachine machine = new MetadataMachine(MetadataImage.EMPTY);

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
        events.submissionOf(request).ifPresent(transaction::setStateMachineContext);
        return transaction;
    }

    @Override
    public CompletableFuture<Message> applyTransaction(TransactionContext transaction) {
        LogEntryProto entry = transaction.getLogEntry();
        try {
            CommandResult result = apply(entry);
            updateLastAppliedTermIndex(entry.getTerm(), entry.getIndex());
            events.applied(machine.image());
            if (transaction.getStateMachineContext() instanceof Submission submission) {
                submission.answer(result);
            }
            machine.takeDueComparison().ifPresent(events::comparisonDue);
            return CompletableFuture.completedFuture(Message.EMPTY);
        } catch (Throwable e) {
            events.broken(
                    new IllegalStateException(
                            "metadata entry %d of term %d cannot be applied: %s"
                                    .formatted(entry.getIndex(), entry.getTerm(), e.getMessage()),
                            e));
            throw e;
        }
    }

    private CommandResult apply(LogEntryProto entry) {
        MetadataCommand command =
                CommandCodec.decode(
                        entry.getStateMachineLogEntry().getLogData().asReadOnlyByteBuffer());
        return machine.apply(entry.getIndex(), command);
    }

    @Override
    public long takeSnapshot() throws IOException {
        TermIndex at = getLastAppliedTermIndex();
        if (at == null || at.getIndex() < 0) {
            return RaftLog.INVALID_LOG_INDEX;
        }
        snapshots.write(new Snapshot(machine.image(), at));
        return at.getIndex();
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
    public void notifyLeaderReady() {
        events.leaderReady();
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
        }
    }
}
