package io.mlog.broker.rpc;

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
import io.mlog.services.GroupService;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Groups in a map, coordinated by this broker but for {@link #ELSEWHERE}, which node-2 coordinates
 * and which has committed {@link #COMMITTED_ELSEWHERE} everywhere.
 */
final class FakeGroups implements GroupService, RemoteOffsets {
    static final String ELSEWHERE = "group-elsewhere";
    static final long COMMITTED_ELSEWHERE = 1;

    private static final int HERE = 1;
    private static final int NODE_2 = 2;

    private final Map<String, Map<TopicPartition, CommittedOffset>> offsets =
            new ConcurrentHashMap<>();
    final List<GroupCommit> commits = new CopyOnWriteArrayList<>();

    @Override
    public CompletableFuture<Integer> coordinatorOf(String group) {
        return CompletableFuture.completedFuture(group.equals(ELSEWHERE) ? NODE_2 : HERE);
    }

    @Override
    public CompletableFuture<Void> commit(GroupCommit commit) {
        if (commit.group().equals(ELSEWHERE)) {
            return CompletableFuture.failedFuture(notHere());
        }
        commits.add(commit);
        commit.offsets()
                .forEach((partition, offset) ->
                        offsets.computeIfAbsent(commit.group(), group -> new ConcurrentHashMap<>())
                                .put(partition, new CommittedOffset(offset, 1)));
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public CompletableFuture<Map<TopicPartition, CommittedOffset>> committed(String group) {
        return group.equals(ELSEWHERE)
                ? CompletableFuture.failedFuture(notHere())
                : CompletableFuture.completedFuture(offsets.getOrDefault(group, Map.of()));
    }

    @Override
    public CompletableFuture<OptionalLong> committed(
            int coordinator, String group, TopicPartition partition) {
        if (coordinator != NODE_2 || !group.equals(ELSEWHERE)) {
            throw new AssertionError("broker " + coordinator + " is asked for " + group);
        }
        return CompletableFuture.completedFuture(OptionalLong.of(COMMITTED_ELSEWHERE));
    }

    private static MlogException notHere() {
        return new MlogException(ErrorCode.NOT_COORDINATOR, "broker 2 coordinates that group");
    }

    @Override
    public CompletableFuture<ByteBuffer> handle(GroupRequest request) {
        throw new AssertionError("not asked by the JSON RPC");
    }

    @Override
    public CompletableFuture<GroupMembership> heartbeat(GroupHeartbeat heartbeat) {
        throw new AssertionError("not asked by the JSON RPC");
    }

    @Override
    public CompletableFuture<List<GroupListing>> list() {
        throw new AssertionError("not asked by the JSON RPC");
    }

    @Override
    public CompletableFuture<Optional<GroupDescription>> describe(String group) {
        throw new AssertionError("not asked by the JSON RPC");
    }

    @Override
    public CompletableFuture<Void> delete(String group) {
        throw new AssertionError("not asked by the JSON RPC");
    }

    @Override
    public CompletableFuture<List<GroupEvent>> journal(String group) {
        throw new AssertionError("not asked by the JSON RPC");
    }
}
