package io.mlog.broker.groups;

import io.mlog.groups.GroupCoordination;
import io.mlog.groups.GroupTopics;
import io.mlog.model.ErrorCode;
import io.mlog.model.MlogException;
import io.mlog.model.TopicPartition;
import io.mlog.services.CommittedOffset;
import io.mlog.services.GroupCommit;
import io.mlog.services.GroupDescription;
import io.mlog.services.GroupEvent;
import io.mlog.services.GroupHeartbeat;
import io.mlog.services.GroupListing;
import io.mlog.services.GroupMembership;
import io.mlog.services.GroupRequest;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;

/** A coordinator that notes what it is told, and knows what was committed through it. */
final class FakeCoordination implements GroupCoordination {
    final List<String> told = new ArrayList<>();
    private final Map<TopicPartition, CommittedOffset> offsets = new HashMap<>();
    private ErrorCode refusal = ErrorCode.NONE;

    /** What is asked for offsets is refused, until {@code NONE} is given. */
    void refuse(ErrorCode code) {
        refusal = code;
    }

    @Override
    public CompletableFuture<ByteBuffer> handle(GroupRequest request) {
        return CompletableFuture.completedFuture(ByteBuffer.wrap(new byte[] {1}));
    }

    @Override
    public int partitionFor(String group) {
        throw new AssertionError("the broker counts itself");
    }

    @Override
    public void metadataChanged(GroupTopics topics) {
        told.add("topics " + topics.topics().keySet().stream().sorted().toList());
    }

    @Override
    public void becomeLeader(int partition, int leaderEpoch) {
        told.add("leads " + partition + " in " + leaderEpoch);
    }

    @Override
    public void stopLeading(int partition, OptionalInt newEpoch) {
        told.add(
                "ends "
                        + partition
                        + (newEpoch.isPresent() ? " by " + newEpoch.getAsInt() : " for good"));
    }

    @Override
    public CompletableFuture<Void> commit(GroupCommit commit) {
        commit.offsets()
                .forEach((partition, offset) ->
                        offsets.put(partition, new CommittedOffset(offset, 1)));
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public CompletableFuture<Map<TopicPartition, CommittedOffset>> committed(String group) {
        if (refusal != ErrorCode.NONE) {
            return CompletableFuture.failedFuture(new MlogException(refusal, "as the test wants"));
        }
        return CompletableFuture.completedFuture(Map.copyOf(offsets));
    }

    @Override
    public CompletableFuture<GroupMembership> heartbeat(GroupHeartbeat heartbeat) {
        return CompletableFuture.completedFuture(
                new GroupMembership(heartbeat.memberId(), 1, 1000, Optional.empty()));
    }

    @Override
    public CompletableFuture<List<GroupListing>> list() {
        return CompletableFuture.completedFuture(
                List.of(new GroupListing("g", "classic", "consumer", "Stable")));
    }

    @Override
    public CompletableFuture<Optional<GroupDescription>> describe(String group) {
        return CompletableFuture.completedFuture(
                Optional.of(
                        new GroupDescription(
                                new GroupListing(group, "classic", "consumer", "Stable"),
                                1,
                                "range",
                                List.of())));
    }

    @Override
    public CompletableFuture<Void> delete(String group) {
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public List<GroupEvent> journal(String group) {
        return List.of(new GroupEvent(1, GroupEvent.Kind.JOINED, 1, group));
    }

    @Override
    public void close() {
        told.add("closed");
    }
}
