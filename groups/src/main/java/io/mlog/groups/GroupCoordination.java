package io.mlog.groups;

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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;

/**
 * The coordinators of the groups whose partitions of {@code __consumer_offsets} this broker leads.
 * It has threads of its own. Requests may come on any thread and are not blocked; futures complete
 * on the coordinator's threads, which must not be blocked either. The order of calls: {@link
 * #metadataChanged} before the first {@link #becomeLeader}.
 */
public interface GroupCoordination extends AutoCloseable {
    /**
     * Answers a request of Kafka's protocol: body bytes in, body bytes out, without headers. Fails
     * only for a body that cannot be read ({@link io.mlog.model.MlogException} INVALID_REQUEST);
     * refusals are answers.
     */
    CompletableFuture<ByteBuffer> handle(GroupRequest request);

    /** The partition of {@code __consumer_offsets} that coordinates the group. */
    int partitionFor(String group);

    /**
     * Takes in the cluster's topics; called in order by one thread, which it may hold up for
     * seconds when a topic was deleted.
     */
    void metadataChanged(GroupTopics topics);

    /** This broker leads that partition from now on; one thread per partition, in order. */
    void becomeLeader(int partition, int leaderEpoch);

    /**
     * It does not lead any more.
     *
     * @param newEpoch the leader epoch that ended it; empty when the partition is gone
     */
    void stopLeading(int partition, OptionalInt newEpoch);

    // ---- the same in our own words, for the JSON RPC

    /** Commits; fails with {@link io.mlog.model.MlogException}. */
    CompletableFuture<Void> commit(GroupCommit commit);

    /** Everything the group has committed, by partition; empty for an unknown group. */
    CompletableFuture<Map<TopicPartition, CommittedOffset>> committed(String group);

    /** Takes part in a group; fails with {@link io.mlog.model.MlogException}. */
    CompletableFuture<GroupMembership> heartbeat(GroupHeartbeat heartbeat);

    /** The groups that are coordinated here. */
    CompletableFuture<List<GroupListing>> list();

    /** The group's present state; empty when there is no such group. */
    CompletableFuture<Optional<GroupDescription>> describe(String group);

    /** Deletes a group without members, with its offsets. */
    CompletableFuture<Void> delete(String group);

    /**
     * What has happened to the group, oldest first, as far as this broker's bounded journal goes.
     */
    List<GroupEvent> journal(String group);

    /**
     * Ends it: who waits is told that the coordinator is not available. Blocks until its threads
     * are gone.
     */
    @Override
    void close();
}
