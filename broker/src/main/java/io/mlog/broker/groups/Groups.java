package io.mlog.broker.groups;

import io.mlog.broker.partition.Timer;
import io.mlog.core.metadata.PartitionImage;
import io.mlog.core.metadata.TopicImage;
import io.mlog.groups.GroupCoordination;
import io.mlog.groups.OffsetsTopic;
import io.mlog.model.ErrorCode;
import io.mlog.model.InternalTopics;
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
import io.mlog.services.NewTopic;
import io.mlog.services.TopicService;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Consumer groups, as far as this broker answers for them: finds the broker that does, and passes
 * on what is this one's. Keeps nothing itself; any thread.
 *
 * <p>Who asks while this broker's coordinator starts waits for that; there are at most as many as
 * connections let requests through.
 */
public final class Groups implements GroupService {
    /** How long the answer where a coordinator is waits for this broker's own to be started. */
    private static final long START_WAIT_MS = 5_000;

    /** How long who asks in our own words waits for a coordinator that is about to begin here. */
    private static final long BEGIN_WAIT_MS = 5_000;

    private static final long LOOK_AGAIN_MS = 10;

    private final int brokerId;
    private final TopicService topics;
    private final LocalCoordinator local;
    private final Function<GroupRequest, ByteBuffer> nobodyHere;
    private final Timer timer;
    private final OffsetsTopicCreation offsetsTopic;

    /**
     * Answers for {@code local}.
     *
     * @param topics that may create {@code __consumer_offsets}
     * @param wanted how it is created
     * @param nobodyHere the answer of a broker that coordinates no group
     * @param timer for the wait until a coordinator has begun
     */
    public Groups(
            int brokerId,
            TopicService topics,
            NewTopic wanted,
            LocalCoordinator local,
            Function<GroupRequest, ByteBuffer> nobodyHere,
            Timer timer) {
        this.brokerId = brokerId;
        this.topics = topics;
        this.local = local;
        this.nobodyHere = nobodyHere;
        this.timer = timer;
        this.offsetsTopic = new OffsetsTopicCreation(topics, wanted);
    }

    @Override
    public CompletableFuture<ByteBuffer> handle(GroupRequest request) {
        return local.running()
                .thenCompose(here ->
                        here.isPresent()
                                ? here.get().handle(request)
                                : CompletableFuture.completedFuture(nobodyHere.apply(request)));
    }

    @Override
    public CompletableFuture<Integer> coordinatorOf(String group) {
        return offsetsTopic.topic().thenCompose(topic -> leaderOf(group, topic));
    }

    private CompletableFuture<Integer> leaderOf(String group, TopicImage topic) {
        PartitionImage partition = topic.partitions().get(OffsetsTopic.partitionFor(group));
        int leader = partition.leader();
        if (leader == PartitionImage.NO_LEADER) {
            return CompletableFuture.failedFuture(
                    new MlogException(
                            ErrorCode.COORDINATOR_NOT_AVAILABLE,
                            "group '%s' belongs to %s-%d, which nobody leads at present: its in-sync replicas %s are not in service"
                                    .formatted(
                                            group,
                                            InternalTopics.CONSUMER_OFFSETS,
                                            partition.partition(),
                                            partition.isr())));
        }
        return leader == brokerId
                ? local.running()
                        .thenApply(started -> leader)
                        .completeOnTimeout(leader, START_WAIT_MS, TimeUnit.MILLISECONDS)
                : CompletableFuture.completedFuture(leader);
    }

    @Override
    public CompletableFuture<Void> commit(GroupCommit commit) {
        return here(commit.group(), coordination -> coordination.commit(commit));
    }

    @Override
    public CompletableFuture<Map<TopicPartition, CommittedOffset>> committed(String group) {
        return here(group, coordination -> coordination.committed(group));
    }

    @Override
    public CompletableFuture<GroupMembership> heartbeat(GroupHeartbeat heartbeat) {
        return here(heartbeat.group(), coordination -> coordination.heartbeat(heartbeat));
    }

    @Override
    public CompletableFuture<List<GroupListing>> list() {
        return local.running()
                .thenCompose(here ->
                        here.map(GroupCoordination::list)
                                .orElseGet(() -> CompletableFuture.completedFuture(List.of())));
    }

    @Override
    public CompletableFuture<Optional<GroupDescription>> describe(String group) {
        return noGroupsYet()
                ? CompletableFuture.completedFuture(Optional.empty())
                : here(group, coordination -> coordination.describe(group));
    }

    @Override
    public CompletableFuture<Void> delete(String group) {
        return noGroupsYet()
                ? CompletableFuture.failedFuture(
                        new MlogException(
                                ErrorCode.GROUP_ID_NOT_FOUND, "there is no group '" + group + "'"))
                : here(group, coordination -> coordination.delete(group));
    }

    @Override
    public CompletableFuture<List<GroupEvent>> journal(String group) {
        return noGroupsYet()
                ? CompletableFuture.completedFuture(List.of())
                : here(
                        group,
                        coordination ->
                                CompletableFuture.completedFuture(coordination.journal(group)));
    }

    /** Nobody in the cluster has ever used a group: that is no reason to begin. */
    private boolean noGroupsYet() {
        return topics.metadata().topic(InternalTopics.CONSUMER_OFFSETS).isEmpty();
    }

    private <T> CompletableFuture<T> here(
            String group, Function<GroupCoordination, CompletableFuture<T>> call) {
        return here(group, call, timer.nowMs() + BEGIN_WAIT_MS);
    }

    /**
     * Who asks in our own words is not to be told of the moment that a coordinator takes to begin,
     * after the first question ever or after an election: he would only ask again.
     */
    private <T> CompletableFuture<T> here(
            String group, Function<GroupCoordination, CompletableFuture<T>> call, long untilMs) {
        return coordinatorOf(group)
                .thenCompose(coordinator ->
                        coordinator == brokerId
                                ? once(group, call)
                                        .exceptionallyCompose(failure ->
                                                isBeginning(failure) && timer.nowMs() < untilMs
                                                        ? later(() -> here(group, call, untilMs))
                                                        : CompletableFuture.failedFuture(failure))
                                : CompletableFuture.failedFuture(notHere(group, coordinator)));
    }

    private <T> CompletableFuture<T> once(
            String group, Function<GroupCoordination, CompletableFuture<T>> call) {
        return local.running()
                .thenCompose(started ->
                        started.map(call)
                                .orElseGet(() ->
                                        CompletableFuture.failedFuture(notHere(group, brokerId))));
    }

    private <T> CompletableFuture<T> later(Supplier<CompletableFuture<T>> call) {
        CompletableFuture<Void> due = new CompletableFuture<>();
        timer.after(LOOK_AGAIN_MS, () -> due.complete(null));
        return due.thenCompose(now -> call.get());
    }

    /** It reads the group's records, or was not told yet that it leads. */
    private boolean isBeginning(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null
                        ? failure.getCause()
                        : failure;
        return cause instanceof MlogException refusal
                && (refusal.code() == ErrorCode.COORDINATOR_LOAD_IN_PROGRESS
                        || (refusal.code() == ErrorCode.NOT_COORDINATOR && local.isPresent()));
    }

    private static MlogException notHere(String group, int coordinator) {
        return new MlogException(
                ErrorCode.NOT_COORDINATOR,
                "group '%s' is coordinated by broker %d".formatted(group, coordinator));
    }
}
