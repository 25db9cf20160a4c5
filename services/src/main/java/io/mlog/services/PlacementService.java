package io.mlog.services;

import io.mlog.core.metadata.CommandResult.PartitionResult;
import io.mlog.core.metadata.MetadataCommand.Election;
import io.mlog.core.metadata.MetadataCommand.Reassignment;
import io.mlog.model.TopicPartition;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Where replicas are and who leads. Changes go through the metadata log; their futures complete
 * when this broker has applied and acted on them, or fail with {@link io.mlog.model.MlogException}.
 * Any thread; never blocks.
 */
public interface PlacementService {
    /**
     * Moves partitions to other brokers. Completes when that is decided, with a result for each
     * wish in its order; new replicas copy for as long as it takes, and the metadata shows how far
     * that is.
     */
    CompletableFuture<List<PartitionResult>> reassign(List<Reassignment> wishes);

    /**
     * Gives every one of {@code partitions} of a topic {@code replicas} copies, on brokers that the
     * cluster chooses; results as of {@link #reassign}.
     */
    CompletableFuture<List<PartitionResult>> resize(
            String topic, List<Integer> partitions, int replicas);

    /**
     * Elects leaders.
     *
     * @param partitions in whose order the results are; empty for all, of which only those that
     *     changed have a result
     */
    CompletableFuture<List<PartitionResult>> elect(
            Election election, List<TopicPartition> partitions);

    /**
     * Goes on with taking a node out of the cluster for good, as far as that goes now; to be asked
     * again until it has left.
     *
     * @param fewerReplicas whether partitions may have fewer replicas afterwards
     */
    CompletableFuture<LeaveProgress> leave(String nodeId, boolean fewerReplicas);
}
