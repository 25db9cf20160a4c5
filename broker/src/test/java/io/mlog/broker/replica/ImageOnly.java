package io.mlog.broker.replica;

import io.mlog.core.metadata.CommandResult.PartitionResult;
import io.mlog.core.metadata.MetadataCommand.Election;
import io.mlog.core.metadata.MetadataCommand.Reassignment;
import io.mlog.core.metadata.MetadataImage;
import io.mlog.core.metadata.TopicImage;
import io.mlog.model.HostPort;
import io.mlog.model.TopicPartition;
import io.mlog.services.BrokerService;
import io.mlog.services.CommittedOffset;
import io.mlog.services.ConfigChange;
import io.mlog.services.ConfigEntry;
import io.mlog.services.GroupCommit;
import io.mlog.services.GroupDescription;
import io.mlog.services.GroupEvent;
import io.mlog.services.GroupHeartbeat;
import io.mlog.services.GroupListing;
import io.mlog.services.GroupMembership;
import io.mlog.services.GroupRequest;
import io.mlog.services.GroupService;
import io.mlog.services.LeaveProgress;
import io.mlog.services.LogDirectory;
import io.mlog.services.NewTopic;
import io.mlog.services.PlacementService;
import io.mlog.services.ProducerIdentity;
import io.mlog.services.TopicService;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** What a Kafka edge needs to answer fetches: the image. Whatever else is asked fails. */
record ImageOnly(int brokerId, Supplier<MetadataImage> image)
        implements TopicService, PlacementService, BrokerService, GroupService {
    private static AssertionError notHere() {
        return new AssertionError("nobody administers topics or groups here");
    }

    @Override
    public CompletableFuture<ByteBuffer> handle(GroupRequest request) {
        throw notHere();
    }

    @Override
    public CompletableFuture<Integer> coordinatorOf(String group) {
        throw notHere();
    }

    @Override
    public CompletableFuture<Void> commit(GroupCommit commit) {
        throw notHere();
    }

    @Override
    public CompletableFuture<Map<TopicPartition, CommittedOffset>> committed(String group) {
        throw notHere();
    }

    @Override
    public CompletableFuture<GroupMembership> heartbeat(GroupHeartbeat heartbeat) {
        throw notHere();
    }

    @Override
    public CompletableFuture<List<GroupListing>> list() {
        throw notHere();
    }

    @Override
    public CompletableFuture<Optional<GroupDescription>> describe(String group) {
        throw notHere();
    }

    @Override
    public CompletableFuture<List<GroupEvent>> journal(String group) {
        throw notHere();
    }

    @Override
    public MetadataImage metadata() {
        return image.get();
    }

    @Override
    public CompletableFuture<TopicImage> create(NewTopic topic, boolean validateOnly) {
        throw notHere();
    }

    @Override
    public CompletableFuture<MetadataImage> caughtUp() {
        return CompletableFuture.completedFuture(image.get());
    }

    @Override
    public CompletableFuture<List<PartitionResult>> reassign(List<Reassignment> wishes) {
        throw notHere();
    }

    @Override
    public CompletableFuture<List<PartitionResult>> resize(
            String topic, List<Integer> partitions, int replicas) {
        throw notHere();
    }

    @Override
    public CompletableFuture<List<PartitionResult>> elect(
            Election election, List<TopicPartition> partitions) {
        throw notHere();
    }

    @Override
    public CompletableFuture<LeaveProgress> leave(String nodeId, boolean fewerReplicas) {
        throw notHere();
    }

    @Override
    public CompletableFuture<TopicImage> ensureExists(String topic) {
        throw notHere();
    }

    @Override
    public CompletableFuture<Void> delete(String topic) {
        throw notHere();
    }

    @Override
    public CompletableFuture<TopicImage> createPartitions(
            String topic, int total, boolean validateOnly) {
        throw notHere();
    }

    @Override
    public CompletableFuture<TopicImage> alterConfigs(
            String topic, List<ConfigChange> changes, boolean validateOnly) {
        throw notHere();
    }

    @Override
    public CompletableFuture<TopicImage> replaceConfigs(
            String topic, Map<String, String> configs, boolean validateOnly) {
        throw notHere();
    }

    @Override
    public String clusterId() {
        return image.get().clusterId();
    }

    @Override
    public Optional<HostPort> advertisedClientAddress() {
        return Optional.empty();
    }

    @Override
    public Optional<String> raftLeaderNodeId() {
        return Optional.empty();
    }

    @Override
    public long raftTerm() {
        return 0;
    }

    @Override
    public List<String> raftVoters() {
        return List.of();
    }

    @Override
    public boolean isThere(String nodeId) {
        return true;
    }

    @Override
    public CompletableFuture<ProducerIdentity> newProducerId() {
        throw notHere();
    }

    @Override
    public List<ConfigEntry> brokerConfigs() {
        return List.of();
    }

    @Override
    public List<ConfigEntry> topicConfigs(TopicImage topic) {
        return List.of();
    }

    @Override
    public LogDirectory logDirectory() {
        throw new UnsupportedOperationException();
    }

    @Override
    public boolean autoCreateTopics() {
        return false;
    }

    @Override
    public CompletableFuture<Long> actedOn(long index, long timeoutMs) {
        throw new UnsupportedOperationException();
    }
}
