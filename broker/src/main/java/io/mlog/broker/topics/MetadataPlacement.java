package io.mlog.broker.topics;

import io.mlog.core.metadata.CommandResult;
import io.mlog.core.metadata.CommandResult.PartitionResult;
import io.mlog.core.metadata.LeavePlan;
import io.mlog.core.metadata.MetadataCommand;
import io.mlog.core.metadata.MetadataCommand.Election;
import io.mlog.core.metadata.MetadataCommand.Reassignment;
import io.mlog.core.metadata.MetadataLimits;
import io.mlog.core.metadata.MetadataLog;
import io.mlog.core.metadata.MetadataQuorum;
import io.mlog.core.metadata.ReplicaMoves;
import io.mlog.core.metadata.TopicImage;
import io.mlog.model.ErrorCode;
import io.mlog.model.MlogException;
import io.mlog.model.TopicPartition;
import io.mlog.services.LeaveProgress;
import io.mlog.services.LeaveProgress.Phase;
import io.mlog.services.PlacementService;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;

/**
 * Moves, elections and departures of nodes, as commands of the metadata log, answered once the
 * reconciler has acted on them here. What looks at every partition runs on {@code planners}. Holds
 * no state; any thread.
 */
public final class MetadataPlacement implements PlacementService {
    private final MetadataLog log;
    private final MetadataQuorum quorum;
    private final Reconciler reconciler;
    private final Executor planners;

    /**
     * Places through {@code log}.
     *
     * @param planners bounded, rejecting when full
     */
    public MetadataPlacement(
            MetadataLog log, MetadataQuorum quorum, Reconciler reconciler, Executor planners) {
        this.log = log;
        this.quorum = quorum;
        this.reconciler = reconciler;
        this.planners = planners;
    }

    @Override
    public CompletableFuture<List<PartitionResult>> reassign(List<Reassignment> wishes) {
        return results(new MetadataCommand.ReassignPartitions(wishes));
    }

    @Override
    public CompletableFuture<List<PartitionResult>> resize(
            String topic, List<Integer> partitions, int replicas) {
        return plan(
                        () -> {
                            TopicImage known =
                                    log.image().topic(topic).orElseThrow(() -> unknown(topic));
                            return new ReplicaMoves(log.image())
                                    .resize(known, Set.copyOf(partitions), replicas);
                        })
                .thenCompose(this::reassign);
    }

    @Override
    public CompletableFuture<List<PartitionResult>> elect(
            Election election, List<TopicPartition> partitions) {
        return results(
                new MetadataCommand.ElectLeaders(
                        election, partitions, MetadataLimits.CHANGES_AT_ONCE));
    }

    @Override
    public CompletableFuture<LeaveProgress> leave(String nodeId, boolean fewerReplicas) {
        return plan(() -> LeavePlan.next(log.image(), nodeId, fewerReplicas))
                .thenCompose(step -> carryOut(step, nodeId, fewerReplicas));
    }

    /** Each step makes the next one possible; only a wait, or the end, is told. */
    private CompletableFuture<LeaveProgress> carryOut(
            LeavePlan.Step step, String nodeId, boolean fewerReplicas) {
        return switch (step) {
            case LeavePlan.Step.Gone() -> CompletableFuture.completedFuture(outOfQuorum(nodeId));
            case LeavePlan.Step.Await(int partitions) ->
                    CompletableFuture.completedFuture(new LeaveProgress(Phase.MOVING, partitions));
            case LeavePlan.Step.Move(List<Reassignment> moves) ->
                    reassign(moves)
                            .thenApply(MetadataPlacement::allChanged)
                            .thenCompose(done -> leave(nodeId, fewerReplicas));
            case LeavePlan.Step.Shutdown(int brokerId, long bootEpoch) ->
                    submit(new MetadataCommand.BeginShutdown(brokerId, bootEpoch))
                            .thenCompose(done -> leave(nodeId, fewerReplicas));
            case LeavePlan.Step.Fence(int brokerId, long bootEpoch) ->
                    submit(new MetadataCommand.FenceBroker(brokerId, bootEpoch))
                            .thenCompose(done -> leave(nodeId, fewerReplicas));
            case LeavePlan.Step.Forget(int brokerId) ->
                    submit(new MetadataCommand.UnregisterBroker(brokerId))
                            .thenCompose(done -> leave(nodeId, fewerReplicas));
        };
    }

    private LeaveProgress outOfQuorum(String nodeId) {
        boolean member =
                quorum.view().members().stream()
                        .anyMatch(each -> each.id().nodeId().equals(nodeId));
        return new LeaveProgress(member ? Phase.LEAVING : Phase.LEFT, 0);
    }

    /** A move that is refused would be planned again, and refused again. */
    private static List<PartitionResult> allChanged(List<PartitionResult> results) {
        for (PartitionResult result : results) {
            if (result instanceof PartitionResult.Unchanged(ErrorCode code, String message)) {
                throw new MlogException(code, message);
            }
        }
        return results;
    }

    private CompletableFuture<List<PartitionResult>> results(MetadataCommand command) {
        return submit(command)
                .thenApply(done -> {
                    if (done.outcome()
                            instanceof
                            CommandResult.Outcome.PartitionResults(List<PartitionResult> each)) {
                        return each;
                    }
                    throw new IllegalStateException(
                            "a command about partitions gave " + done.outcome());
                });
    }

    private CompletableFuture<CommandResult.Done> submit(MetadataCommand command) {
        return log.submit(command)
                .thenApply(MetadataPlacement::done)
                .thenCompose(done -> reconciler.actedOn(done.index()).thenApply(image -> done));
    }

    private static CommandResult.Done done(CommandResult result) {
        return switch (result) {
            case CommandResult.Done done -> done;
            case CommandResult.Refused refused -> throw refused.toException();
        };
    }

    private <T> CompletableFuture<T> plan(Supplier<T> plan) {
        try {
            return CompletableFuture.supplyAsync(plan, planners);
        } catch (RejectedExecutionException full) {
            return CompletableFuture.failedFuture(
                    new MlogException(
                            ErrorCode.REQUEST_TIMED_OUT,
                            "too many requests wait to be planned already; retry later"));
        }
    }

    private static MlogException unknown(String topic) {
        return new MlogException(
                ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, "there is no topic '" + topic + "'");
    }
}
