package io.mlog.client;

import io.mlog.model.ErrorCode;
import io.mlog.model.MlogException;
import io.mlog.model.TopicPartition;
import io.mlog.protocol.DescribeTopic;
import io.mlog.protocol.FetchedRecord;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads a topic: each partition in the order of its offsets, the partitions as their records come.
 * One thread at a time uses it (another one meanwhile is refused with an {@link
 * IllegalStateException}); {@link #wakeup} and {@link #close} may come from any.
 *
 * <p>With an id the place can be kept: {@link #commit} remembers what the last polls have returned,
 * and the next consumer of that id goes on behind it. Nothing is committed by itself, but for what
 * earlier polls have returned of a partition that goes to another member.
 *
 * <p>With a group it shares the partitions with the group's other members; a {@link
 * RebalanceListener} is told what comes and goes.
 *
 * <pre>{@code
 * ConsumerConfig config =
 *         ConsumerConfig.builder().addresses("127.0.0.1:9094").topic("orders").id("billing").build();
 * try (ConsumerClient consumer = ConsumerClient.connect(config)) {
 *     for (ConsumedRecord record : consumer.poll(Duration.ofSeconds(1))) {
 *         System.out.println(record.offset() + " " + record.value());
 *     }
 *     consumer.commit();
 * }
 * }</pre>
 */
public final class ConsumerClient implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ConsumerClient.class);

    private final ConsumerConfig config;
    private final ClusterCaller caller;
    private final StartOffsets startOffsets;
    private final ReadAhead readAhead;
    private final RebalanceListener listener;
    private final @Nullable Membership membership;
    private final Optional<OffsetCommits> commits;
    private final ReentrantLock user = new ReentrantLock();
    private final Map<TopicPartition, PartitionReader> readers = new HashMap<>();
    private final Map<TopicPartition, Long> positions = new TreeMap<>();
    private final Map<TopicPartition, Long> committed = new ConcurrentHashMap<>();
    private Delivery.@Nullable Records current;
    private int usedOfCurrent;
    private long lookedNanos;
    private boolean topicSeen;
    private CompletableFuture<Boolean> lastCommit = CompletableFuture.completedFuture(true);
    private volatile boolean closed;

    /** A consumer that stands on {@code caller}, and closes it. */
    ConsumerClient(ConsumerConfig config, RebalanceListener listener, ClusterCaller caller) {
        this.config = config;
        this.listener = listener;
        this.caller = caller;
        this.startOffsets = new StartOffsets(caller, config);
        this.readAhead = new ReadAhead(config.bufferBytes());
        this.membership =
                config.group()
                        ? new Membership(
                                caller,
                                readAhead,
                                config.id().orElseThrow(),
                                config.topic(),
                                UUID.randomUUID().toString(),
                                config.maxPollInterval())
                        : null;
        this.commits =
                config.id()
                        .map(id ->
                                new OffsetCommits(
                                        caller,
                                        id,
                                        () ->
                                                membership == null
                                                        ? Optional.empty()
                                                        : membership.current()));
    }

    /** A consumer; it connects at the first poll. */
    public static ConsumerClient connect(ConsumerConfig config) {
        return connect(config, RebalanceListener.NONE);
    }

    /** A member of a group that wants to know what it is given and loses. */
    public static ConsumerClient connect(ConsumerConfig config, RebalanceListener listener) {
        return new ConsumerClient(
                config, listener, new ClusterCaller("mlog-consumer", config.connection()));
    }

    /**
     * The next records, all of one partition.
     *
     * <p>The first poll looks up the topic and the offsets to begin at, for which it may take the
     * request timeout on top.
     *
     * @param timeout how long to wait for a record
     * @return at most {@code maxPollRecords}; empty when none came in time or {@link #wakeup} was
     *     called
     * @throws MlogException UNKNOWN_TOPIC_OR_PARTITION when there is no such topic;
     *     OFFSET_OUT_OF_RANGE when the start lies beyond the end; REQUEST_TIMED_OUT when a
     *     partition could not be read for the request timeout; CORRUPT_MESSAGE and others as the
     *     broker says. The next poll tries again. NOT_READY when it was closed
     */
    public List<ConsumedRecord> poll(Duration timeout) {
        return poll(timeout, config.maxPollRecords());
    }

    /**
     * Like {@link #poll(Duration)}, with another bound for this poll.
     *
     * @param most 1 or more
     */
    public List<ConsumedRecord> poll(Duration timeout, int most) {
        Limits.atLeast("most", most, 1);
        return alone(() -> {
            if (membership == null) {
                start();
                lookForPartitions();
            } else {
                join(membership);
            }
            return await(caller.clock().getAsLong() + timeout.toNanos(), most);
        });
    }

    /** Lets the poll that waits, or else the next one, return at once. Any thread. */
    public void wakeup() {
        readAhead.put(new Delivery.Wakeup());
    }

    /**
     * The next offset of each partition: one past the last record that a poll has returned, or
     * where it begins. Empty before the first poll.
     */
    public Map<TopicPartition, Long> positions() {
        return alone(() -> Map.copyOf(positions));
    }

    /**
     * Keeps the place behind the last record returned, in every partition, and waits until it is
     * kept.
     *
     * @throws MlogException when that fails; the place may be kept in some of the partitions
     * @throws IllegalStateException when the consumer has no id
     */
    public void commit() {
        caller.await(commitAsync());
    }

    /**
     * Like {@link #commit}, without waiting. Commits are carried out one after the other.
     *
     * @return completes on the client's own thread, which must not be blocked
     */
    public CompletableFuture<Boolean> commitAsync() {
        return alone(() -> commitBehindOthers(uncommitted()));
    }

    private Map<TopicPartition, Long> uncommitted() {
        Map<TopicPartition, Long> moved = new TreeMap<>(positions);
        moved.entrySet().removeAll(committed.entrySet());
        return moved;
    }

    private CompletableFuture<Boolean> commitBehindOthers(Map<TopicPartition, Long> offsets) {
        OffsetCommits places = commits.orElseThrow(ConsumerClient::noId);
        lastCommit =
                lastCommit
                        .exceptionally(failure -> false)
                        .thenCompose(before -> places.commit(offsets, committed::put));
        return lastCommit;
    }

    /**
     * Leaves the group when it is a member, for which it waits some seconds at most, and ends the
     * connections and the thread, without a commit; idempotent, any thread.
     */
    @Override
    public void close() {
        if (membership != null && !closed) {
            leave(membership);
        }
        closed = true;
        wakeup();
        caller.close();
    }

    private void leave(Membership membership) {
        try {
            caller.await(caller.onLoop(membership::leave));
        } catch (MlogException unreachable) {
            LOG.warn(
                    "group {} could not be left, its coordinator will notice: {}",
                    config.id().orElseThrow(),
                    unreachable.reason());
        }
    }

    /** A group would wait for a topic that is not there without a word. */
    private void join(Membership membership) {
        if (!topicSeen) {
            caller.await(partitionCount());
            topicSeen = true;
        }
        membership.polled();
        onLoop(membership::join);
    }

    private void start() {
        if (!readers.isEmpty()) {
            return;
        }
        int count = caller.await(partitionCount());
        lookedNanos = caller.clock().getAsLong();
        List<TopicPartition> wanted = new ArrayList<>();
        for (int partition : config.partitions().isEmpty() ? range(0, count) : sorted()) {
            if (partition >= count) {
                throw new MlogException(
                        ErrorCode.UNKNOWN_TOPIC_OR_PARTITION,
                        "%s has partitions 0 to %d, not %d"
                                .formatted(config.topic(), count - 1, partition));
            }
            wanted.add(new TopicPartition(config.topic(), partition));
        }
        open(wanted, startOffsets::of);
    }

    private void open(
            List<TopicPartition> partitions,
            Function<TopicPartition, CompletableFuture<Long>> startOffset) {
        List<CompletableFuture<Long>> offsets = partitions.stream().map(startOffset).toList();
        List<Long> found = offsets.stream().map(caller::await).toList();
        for (int i = 0; i < partitions.size(); i++) {
            TopicPartition partition = partitions.get(i);
            positions.put(partition, found.get(i));
            readers.put(
                    partition,
                    new PartitionReader(partition, found.get(i), config, caller, readAhead));
        }
        readMore();
    }

    private void lookForPartitions() {
        long nowNanos = caller.clock().getAsLong();
        if (config.partitions().isEmpty()
                && nowNanos - lookedNanos > config.partitionRefresh().toNanos()) {
            lookedNanos = nowNanos;
            partitionCount().thenAccept(count -> readAhead.put(new Delivery.PartitionCount(count)));
        }
    }

    private CompletableFuture<Integer> partitionCount() {
        return caller.topic(config.topic(), false, caller.requestDeadline())
                .thenApply(DescribeTopic.Response::partitions)
                .thenApply(List::size);
    }

    private List<ConsumedRecord> await(long untilNanos, int most) {
        while (true) {
            if (current != null) {
                List<ConsumedRecord> records = takeFrom(current, most);
                if (!records.isEmpty()) {
                    return records;
                }
                continue;
            }
            switch (next(untilNanos)) {
                case null -> {
                    return List.of();
                }
                case Delivery.Records records -> {
                    if (isOpen(records.reader())) {
                        current = records;
                    }
                }
                case Delivery.PartitionCount(int count) -> add(count);
                case Delivery.Trouble(PartitionReader reader, MlogException problem) -> {
                    if (isOpen(reader)) {
                        onLoop(reader::resume);
                        throw problem;
                    }
                }
                case Delivery.Assignment(List<TopicPartition> partitions) -> assign(partitions);
                case Delivery.MembershipLost() -> lose();
                case Delivery.GroupTrouble(MlogException problem) -> throw problem;
                case Delivery.Wakeup() -> {
                    return List.of();
                }
            }
        }
    }

    private @Nullable Delivery next(long untilNanos) {
        if (closed) {
            throw closedException();
        }
        try {
            return readAhead.take(Math.max(0, untilNanos - caller.clock().getAsLong()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new MlogException(
                    ErrorCode.REQUEST_TIMED_OUT, "interrupted while waiting for records");
        }
    }

    private List<ConsumedRecord> takeFrom(Delivery.Records delivery, int most) {
        List<FetchedRecord> entries = delivery.response().entries();
        TopicPartition partition = delivery.reader().partition();
        int end = Math.min(entries.size(), usedOfCurrent + most);
        List<ConsumedRecord> records = new ArrayList<>(end - usedOfCurrent);
        for (FetchedRecord entry : entries.subList(usedOfCurrent, end)) {
            records.add(ConsumedRecord.of(partition, entry));
        }
        usedOfCurrent = end;
        if (end < entries.size()) {
            positions.put(partition, records.getLast().offset() + 1);
        } else {
            positions.put(partition, delivery.response().nextOffset());
            current = null;
            usedOfCurrent = 0;
            onLoop(delivery.reader()::used);
            readMore();
        }
        return records;
    }

    private void add(int count) {
        List<TopicPartition> added = new ArrayList<>();
        for (int partition : range(0, count)) {
            TopicPartition each = new TopicPartition(config.topic(), partition);
            if (!readers.containsKey(each)) {
                added.add(each);
            }
        }
        open(added, startOffsets::ofAdded);
    }

    private boolean isOpen(PartitionReader reader) {
        return readers.get(reader.partition()) == reader;
    }

    /** Gives up what is not assigned any more, and only then begins with what is new. */
    private void assign(List<TopicPartition> assigned) {
        Set<TopicPartition> revoked = new TreeSet<>(readers.keySet());
        revoked.removeAll(assigned);
        if (!revoked.isEmpty()) {
            listener.revoked(revoked);
            commitRevoked(revoked);
            stopReading(revoked);
        }
        List<TopicPartition> added =
                assigned.stream().filter(each -> !readers.containsKey(each)).toList();
        open(added, startOffsets::of);
        onLoop(() -> Objects.requireNonNull(membership).owns(assigned));
        if (!added.isEmpty()) {
            listener.assigned(Set.copyOf(added));
        }
    }

    private void commitRevoked(Set<TopicPartition> revoked) {
        Map<TopicPartition, Long> places = uncommitted();
        places.keySet().retainAll(revoked);
        try {
            caller.await(commitBehindOthers(places));
        } catch (MlogException failure) {
            LOG.warn(
                    "{} go to another member, which will read again what was not committed: {}",
                    revoked,
                    failure.reason());
        }
    }

    private void lose() {
        Set<TopicPartition> lost = new TreeSet<>(readers.keySet());
        stopReading(lost);
        if (!lost.isEmpty()) {
            listener.lost(lost);
        }
    }

    private void stopReading(Set<TopicPartition> partitions) {
        for (TopicPartition partition : partitions) {
            PartitionReader reader = readers.remove(partition);
            if (reader != null) {
                onLoop(reader::stop);
                if (current != null && current.reader() == reader) {
                    current = null;
                    usedOfCurrent = 0;
                }
            }
            positions.remove(partition);
            committed.remove(partition);
        }
        readMore();
    }

    private void readMore() {
        List<PartitionReader> all = List.copyOf(readers.values());
        onLoop(() -> all.forEach(PartitionReader::read));
    }

    private void onLoop(Runnable task) {
        try {
            caller.loop().execute(task);
        } catch (RejectedExecutionException e) {
            throw closedException();
        }
    }

    private <T> T alone(Supplier<T> action) {
        if (!user.tryLock()) {
            throw new IllegalStateException("another thread is using this consumer");
        }
        try {
            if (closed) {
                throw closedException();
            }
            return action.get();
        } finally {
            user.unlock();
        }
    }

    private List<Integer> sorted() {
        return config.partitions().stream().sorted().toList();
    }

    private static List<Integer> range(int from, int to) {
        return IntStream.range(from, to).boxed().toList();
    }

    private static IllegalStateException noId() {
        return new IllegalStateException("a consumer without an id cannot commit");
    }

    private static MlogException closedException() {
        return new MlogException(ErrorCode.NOT_READY, "this consumer was closed");
    }
}
