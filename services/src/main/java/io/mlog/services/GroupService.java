package io.mlog.services;

import io.mlog.model.TopicPartition;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Consumer groups as the edges see them. A group is answered for by one broker, its coordinator;
 * every other one refuses with NOT_COORDINATOR, which carries the coordinator's address when it is
 * known. Nothing of it runs, and nothing is paid for, before somebody asks for a group's
 * coordinator. Any thread; never blocks. Futures fail with {@link io.mlog.model.MlogException}.
 */
public interface GroupService {
    /**
     * Answers a request of Kafka's protocol: body bytes in, body bytes out; refusals are answers.
     */
    CompletableFuture<ByteBuffer> handle(GroupRequest request);

    /**
     * The broker that coordinates the group. The first call ever creates {@code
     * __consumer_offsets}. Fails with COORDINATOR_NOT_AVAILABLE while the partition has no leader.
     */
    CompletableFuture<Integer> coordinatorOf(String group);

    /** Commits; completes once the offsets survive what an acks=all record survives. */
    CompletableFuture<Void> commit(GroupCommit commit);

    /** Everything the group has committed, by partition. */
    CompletableFuture<Map<TopicPartition, CommittedOffset>> committed(String group);

    /** Takes part in a group. */
    CompletableFuture<GroupMembership> heartbeat(GroupHeartbeat heartbeat);

    /** The groups that this broker coordinates. */
    CompletableFuture<List<GroupListing>> list();

    /** The group's present state; empty when there is no such group. */
    CompletableFuture<Optional<GroupDescription>> describe(String group);

    /** Deletes a group without members, with its offsets. */
    CompletableFuture<Void> delete(String group);

    /** What has happened to the group, oldest first. */
    CompletableFuture<List<GroupEvent>> journal(String group);
}
