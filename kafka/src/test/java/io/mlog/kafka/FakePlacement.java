package io.mlog.kafka;

import io.mlog.core.metadata.CommandResult;
import io.mlog.core.metadata.CommandResult.PartitionResult;
import io.mlog.core.metadata.MetadataCommand;
import io.mlog.core.metadata.MetadataCommand.Election;
import io.mlog.core.metadata.MetadataCommand.Reassignment;
import io.mlog.core.metadata.MetadataMachine;
import io.mlog.model.TopicPartition;
import io.mlog.services.LeaveProgress;
import io.mlog.services.PlacementService;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Moves and elections by the rules of the metadata machine, on the topics of the fake. */
final class FakePlacement implements PlacementService {
    private final FakeTopics topics;

    FakePlacement(FakeTopics topics) {
        this.topics = topics;
    }

    @Override
    public CompletableFuture<List<PartitionResult>> reassign(List<Reassignment> wishes) {
        return apply(new MetadataCommand.ReassignPartitions(wishes));
    }

    @Override
    public CompletableFuture<List<PartitionResult>> elect(
            Election election, List<TopicPartition> partitions) {
        return apply(new MetadataCommand.ElectLeaders(election, partitions, 100));
    }

    private CompletableFuture<List<PartitionResult>> apply(MetadataCommand command) {
        MetadataMachine.Step step = MetadataMachine.step(topics.metadata(), 2, command);
        topics.byName.putAll(step.image().topicsByName());
        return switch (step.result()) {
            case CommandResult.Done(
                            long index,
                            CommandResult.Outcome.PartitionResults(List<PartitionResult> each)) ->
                    CompletableFuture.completedFuture(each);
            case CommandResult.Done done -> throw new AssertionError(done);
            case CommandResult.Refused refused ->
                    CompletableFuture.failedFuture(refused.toException());
        };
    }

    @Override
    public CompletableFuture<List<PartitionResult>> resize(
            String topic, List<Integer> partitions, int replicas) {
        throw new UnsupportedOperationException("not asked by the Kafka protocol");
    }

    @Override
    public CompletableFuture<LeaveProgress> leave(String nodeId, boolean fewerReplicas) {
        throw new UnsupportedOperationException("not asked by the Kafka protocol");
    }
}
