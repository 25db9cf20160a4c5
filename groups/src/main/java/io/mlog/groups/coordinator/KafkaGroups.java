package io.mlog.groups.coordinator;

import io.mlog.groups.CoordinatorLogs;
import io.mlog.groups.GroupCoordination;
import io.mlog.groups.GroupTopics;
import io.mlog.groups.GroupsConfig;
import io.mlog.groups.OffsetsTopic;
import io.mlog.groups.api.ParsedRequest;
import io.mlog.groups.embed.EmbeddedCoordinator;
import io.mlog.groups.embed.PassingRecords;
import io.mlog.groups.journal.GroupJournal;
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
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.server.util.timer.Timer;

/** Kafka's group coordinator at work: {@link #start} gives it to the broker. */
public final class KafkaGroups implements GroupCoordination {
    private static final Duration GIVE_UP = Duration.ofSeconds(5);

    private final GroupJournal journal;
    private final Duration giveUp;
    private final EmbeddedCoordinator coordinator;
    private final GroupAnswers answers;
    private final OwnCommits commits;
    private final OwnHeartbeats heartbeats;
    private final OwnDescriptions descriptions;
    private volatile boolean closed;
    private volatile TopicDirectory topics = new TopicDirectory(new GroupTopics(0, Map.of()));

    private KafkaGroups(GroupJournal journal, EmbeddedCoordinator coordinator, Duration giveUp) {
        this.journal = journal;
        this.giveUp = giveUp;
        this.coordinator = coordinator;
        NotedRequests requests = new NotedRequests(coordinator.requests(), journal);
        answers = new GroupAnswers(coordinator.requests(), requests);
        commits = new OwnCommits(coordinator.requests(), requests, journal);
        heartbeats = new OwnHeartbeats(requests);
        descriptions = new OwnDescriptions(coordinator.requests(), requests, journal);
    }

    /**
     * Starts a coordinator with its threads; it takes half a second the first time in a process. It
     * coordinates nothing before it {@linkplain #becomeLeader is told to}.
     */
    public static GroupCoordination start(GroupsConfig config, CoordinatorLogs logs) {
        GroupJournal journal = new GroupJournal(Time.SYSTEM::milliseconds);
        PassingRecords watch = new RecordWatch(journal, config.consumerSessionTimeoutMs());
        return new KafkaGroups(journal, EmbeddedCoordinator.start(config, logs, watch), GIVE_UP);
    }

    /**
     * The same on any clock; for tests. Its end waits for what is queued no longer than {@code
     * giveUp}, by the system's clock.
     */
    static KafkaGroups start(
            GroupsConfig config, CoordinatorLogs logs, Time time, Timer timer, Duration giveUp) {
        GroupJournal journal = new GroupJournal(time::milliseconds);
        PassingRecords watch = new RecordWatch(journal, config.consumerSessionTimeoutMs());
        return new KafkaGroups(
                journal, EmbeddedCoordinator.start(config, logs, watch, time, timer), giveUp);
    }

    @Override
    public CompletableFuture<ByteBuffer> handle(GroupRequest request) {
        ParsedRequest parsed;
        try {
            parsed = ParsedRequest.of(request);
        } catch (MlogException e) {
            return CompletableFuture.failedFuture(e);
        }
        if (closed) {
            return CompletableFuture.completedFuture(
                    parsed.write(parsed.refusal(Errors.COORDINATOR_NOT_AVAILABLE)));
        }
        return answers.answer(parsed, topics).thenApply(parsed::write);
    }

    @Override
    public int partitionFor(String group) {
        return OffsetsTopic.partitionFor(group);
    }

    @Override
    public void metadataChanged(GroupTopics view) {
        topics = new TopicDirectory(view);
        coordinator.metadataChanged(view);
    }

    @Override
    public void becomeLeader(int partition, int leaderEpoch) {
        coordinator.becomeLeader(partition, leaderEpoch);
    }

    @Override
    public void stopLeading(int partition, OptionalInt newEpoch) {
        if (coordinator.stopLeading(partition, newEpoch)) {
            journal.givenUp(partition);
        }
    }

    @Override
    public CompletableFuture<Void> commit(GroupCommit commit) {
        return commits.commit(commit, topics);
    }

    @Override
    public CompletableFuture<Map<TopicPartition, CommittedOffset>> committed(String group) {
        return commits.committed(group);
    }

    @Override
    public CompletableFuture<GroupMembership> heartbeat(GroupHeartbeat heartbeat) {
        return heartbeats.heartbeat(heartbeat, topics);
    }

    @Override
    public CompletableFuture<List<GroupListing>> list() {
        return descriptions.list();
    }

    @Override
    public CompletableFuture<Optional<GroupDescription>> describe(String group) {
        return descriptions.describe(group);
    }

    @Override
    public CompletableFuture<Void> delete(String group) {
        return descriptions.delete(group);
    }

    @Override
    public List<GroupEvent> journal(String group) {
        return journal.events(group);
    }

    /**
     * Partitions are given up before the coordinator ends: what still waits in its queues would
     * otherwise be answered with an error that clients take for a bug. The list waits behind all of
     * them.
     */
    @Override
    public void close() {
        closed = true;
        coordinator.stopLeading();
        descriptions
                .list()
                .handle((groups, refusal) -> Boolean.TRUE)
                .completeOnTimeout(Boolean.FALSE, giveUp.toMillis(), TimeUnit.MILLISECONDS)
                .join();
        coordinator.close();
    }
}
