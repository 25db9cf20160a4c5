package io.mlog.groups.coordinator;

import io.mlog.groups.GroupTopics;
import io.mlog.groups.GroupsConfig;
import io.mlog.groups.OffsetsTopic;
import io.mlog.model.ErrorCode;
import io.mlog.model.MlogException;
import io.mlog.model.TopicId;
import io.mlog.model.TopicPartition;
import io.mlog.services.GroupCaller;
import io.mlog.services.GroupCommit;
import io.mlog.services.GroupRequest;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.MessageUtil;

/**
 * A broker's coordinators over logs in memory, which other brokers may share, and a client that
 * speaks to it in bytes.
 */
final class GroupsBroker implements AutoCloseable {
    /** How long a load waits until what it finds is committed. */
    private static final long COMMIT_PATIENCE_MS = 2_000;

    /** Longer than any test takes. */
    private static final Duration GIVE_UP = Duration.ofMinutes(5);

    static final GroupCaller CALLER = new GroupCaller("app", "10.0.0.7");

    final ManualTime time = new ManualTime();
    final MemoryLogs logs;
    final KafkaGroups groups;
    private final Map<String, GroupTopics.Topic> topics = new LinkedHashMap<>();
    private long topicsVersion;

    /** A broker that leads nothing yet. */
    GroupsBroker(MemoryLogs logs, GroupsConfig config) {
        this.logs = logs;
        groups = KafkaGroups.start(config, logs, time, time, GIVE_UP);
    }

    /** A broker that leads every partition, and the topic {@code orders} of 4 partitions. */
    static GroupsBroker leading() {
        GroupsBroker broker = new GroupsBroker(new MemoryLogs(), GroupsConfig.DEFAULTS);
        broker.topic("orders", 4);
        broker.lead(1);
        return broker;
    }

    TopicId topic(String name, int partitions) {
        return topic(name, TopicId.of(UUID.randomUUID()), partitions);
    }

    TopicId topic(String name, TopicId id, int partitions) {
        topics.put(name, new GroupTopics.Topic(id, Collections.nCopies(partitions, Set.of())));
        tellTopics();
        return id;
    }

    void dropTopic(String name) {
        topics.remove(name);
        tellTopics();
    }

    private void tellTopics() {
        topicsVersion++;
        groups.metadataChanged(new GroupTopics(topicsVersion, topics));
    }

    /** Leads everything from now on, and has loaded it. */
    void lead(int epoch) {
        beginToLead(epoch);
        awaitAllLoaded();
    }

    /** The same when {@code held} does not commit, and its loader has waited for that in vain. */
    void leadInSpiteOf(MemoryLog held, int epoch) {
        long looks = held.looks();
        beginToLead(epoch);
        while (held.looks() == looks) {
            LockSupport.parkNanos(1_000_000);
        }
        time.advance(COMMIT_PATIENCE_MS);
        awaitAllLoaded();
    }

    private void beginToLead(int epoch) {
        logs.lead(epoch);
        for (int partition = 0; partition < OffsetsTopic.PARTITIONS; partition++) {
            groups.becomeLeader(partition, epoch);
        }
    }

    private void awaitAllLoaded() {
        for (int partition = 0; partition < OffsetsTopic.PARTITIONS; partition++) {
            awaitLoaded(groupOf(partition));
        }
    }

    /** Another broker leads everything. */
    void resign(int newEpoch) {
        for (int partition = 0; partition < OffsetsTopic.PARTITIONS; partition++) {
            groups.stopLeading(partition, OptionalInt.of(newEpoch));
        }
    }

    /** A group that the partition keeps. */
    static String groupOf(int partition) {
        for (int number = 0; ; number++) {
            if (OffsetsTopic.partitionFor("probe-" + number) == partition) {
                return "probe-" + number;
            }
        }
    }

    /** Asks until the coordinator has read the partition. */
    void awaitLoaded(String group) {
        while (refusal(groups.committed(group)) == ErrorCode.COORDINATOR_LOAD_IN_PROGRESS) {
            Thread.onSpinWait();
        }
    }

    /** The code that a call is refused with; NONE when it is not. */
    static ErrorCode refusal(CompletableFuture<?> call) {
        try {
            await(call);
            return ErrorCode.NONE;
        } catch (MlogException e) {
            return e.code();
        }
    }

    /** What comes of a call, within ten seconds. */
    static <T> T await(CompletableFuture<T> call) {
        try {
            return call.orTimeout(10, TimeUnit.SECONDS).join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof MlogException refusal) {
                throw refusal;
            }
            throw e;
        }
    }

    /** One request of Kafka's protocol, as its client reads the answer. */
    <T extends ApiMessage> CompletableFuture<T> ask(
            ApiKeys key, int version, ApiMessage request, T response) {
        return groups.handle(request(key, version, request))
                .thenApply(answer -> read(answer, version, response));
    }

    static GroupRequest request(ApiKeys key, int version, ApiMessage request) {
        ByteBuffer body = MessageUtil.toByteBufferAccessor(request, (short) version).buffer();
        return new GroupRequest(key.id, (short) version, body, CALLER);
    }

    static <T extends ApiMessage> T read(ByteBuffer answer, int version, T response) {
        response.read(new ByteBufferAccessor(answer), (short) version);
        if (answer.hasRemaining()) {
            throw new AssertionError(answer.remaining() + " bytes behind " + response);
        }
        return response;
    }

    CompletableFuture<Void> commit(String group, String topic, int partition, long offset) {
        return groups.commit(
                new GroupCommit(
                        group,
                        Optional.empty(),
                        Map.of(new TopicPartition(topic, partition), offset),
                        CALLER));
    }

    /** The committed offset; -1 when there is none. */
    long committed(String group, String topic, int partition) {
        var committed = await(groups.committed(group)).get(new TopicPartition(topic, partition));
        return committed == null ? -1 : committed.offset();
    }

    @Override
    public void close() {
        groups.close();
    }
}
