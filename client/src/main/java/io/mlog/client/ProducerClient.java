package io.mlog.client;

import io.mlog.model.ErrorCode;
import io.mlog.model.MlogException;
import io.mlog.model.TopicName;
import io.mlog.model.TopicPartition;
import io.mlog.protocol.DescribeTopic;
import io.mlog.protocol.NewRecord;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/**
 * Sends records, in batches, and tells where each one is. Any number of threads may share one.
 *
 * <p>Records that one thread sends to one partition are stored in that order. With the defaults
 * (idempotent, acks ALL) a record whose future has completed is on every in-sync replica, and is
 * stored once however often connections break or leaders change. A record whose future fails was
 * not stored, unless the message says that it may have been.
 *
 * <p>Memory is bounded by {@code bufferBytes}: when records are made faster than they are
 * acknowledged, {@link #send} <b>blocks</b>, for {@code maxBlock} at most, and then throws.
 *
 * <pre>{@code
 * try (ProducerClient producer = ProducerClient.connect("127.0.0.1:9094")) {
 *     producer.send("orders", NewRecord.of("user-1", "two apples"))
 *             .thenAccept(where -> System.out.println(where.partition() + " @ " + where.offset()));
 * } // waits for what is on its way
 * }</pre>
 *
 * <p>Futures complete on the client's own thread: what runs there must not block.
 */
public final class ProducerClient implements AutoCloseable {
    /** How long what is known of a topic's partitions is used before it is asked for again. */
    private static final long TOPIC_AGE_NANOS = TimeUnit.MINUTES.toNanos(5);

    /** What a record on its way takes besides its bytes. */
    private static final int RECORD_MEMORY_BYTES = 100;

    private final ProducerConfig config;
    private final ClusterCaller caller;
    private final ProducerIds ids;
    private final BufferedBytes buffered;
    private final Map<String, TopicLanes> topics = new ConcurrentHashMap<>();
    private final int firstSticky = RandomGenerator.getDefault().nextInt();
    private volatile boolean closed;

    /** A producer that stands on {@code caller}, and closes it. */
    ProducerClient(ProducerConfig config, ClusterCaller caller) {
        this.config = config;
        this.caller = caller;
        this.ids = new ProducerIds(caller);
        this.buffered = new BufferedBytes(config.bufferBytes());
    }

    /**
     * A producer with the defaults of {@link ProducerConfig}.
     *
     * @param addresses {@code HOST:PORT} each, one or more
     */
    public static ProducerClient connect(String... addresses) {
        return connect(ProducerConfig.builder().addresses(addresses).build());
    }

    /** A producer; it connects when it is first given a record. */
    public static ProducerClient connect(ProducerConfig config) {
        return new ProducerClient(config, new ClusterCaller("mlog-producer", config.connection()));
    }

    /**
     * Sends a record to the partition that its key decides, or without a key to one after the
     * other. The topic is created with the defaults when it does not exist and the broker allows
     * that.
     *
     * @return completes with the record's place, or exceptionally with {@link MlogException}
     * @throws MlogException when the record was not accepted: the topic cannot be found
     *     (UNKNOWN_TOPIC_OR_PARTITION, INVALID_TOPIC), the buffer was full for {@code maxBlock}
     *     (REQUEST_TIMED_OUT), the record is larger than the buffer (MESSAGE_TOO_LARGE), or the
     *     client was closed (NOT_READY)
     */
    public CompletableFuture<Acknowledged> send(String topic, NewRecord record) {
        TopicLanes lanes = lanes(topic);
        LaneSender lane = lanes.choose(record);
        Inbox.Added added = add(lane, record);
        if (added.full() && record.key() == null) {
            lanes.moveOn();
        }
        return added.acknowledgement();
    }

    /**
     * Sends a record to a partition.
     *
     * @see #send(String, NewRecord)
     */
    public CompletableFuture<Acknowledged> send(TopicPartition partition, NewRecord record) {
        List<LaneSender> lanes = lanes(partition.topic()).lanes();
        if (partition.partition() >= lanes.size()) {
            throw new MlogException(
                    ErrorCode.UNKNOWN_TOPIC_OR_PARTITION,
                    "%s has partitions 0 to %d, not %d"
                            .formatted(partition.topic(), lanes.size() - 1, partition.partition()));
        }
        return add(lanes.get(partition.partition()), record).acknowledgement();
    }

    /**
     * Waits until every record accepted so far is acknowledged or has failed; no batch lingers any
     * longer.
     */
    public void flush() {
        caller.await(settled());
    }

    /**
     * Waits for what is on its way, for the delivery timeout at most, and ends the connections and
     * the thread; idempotent.
     */
    @Override
    public void close() {
        close(config.deliveryTimeout());
    }

    /**
     * Waits for what is on its way, and ends the connections and the thread; idempotent.
     *
     * @param patience how long to wait; what is not acknowledged by then fails with NOT_READY,
     *     although it may have been stored
     */
    public void close(Duration patience) {
        if (closed) {
            return;
        }
        closed = true;
        buffered.close();
        try {
            caller.await(
                    settled().completeOnTimeout(false, patience.toMillis(), TimeUnit.MILLISECONDS));
            caller.await(caller.onLoop(this::abandon));
        } finally {
            caller.close();
        }
    }

    private Inbox.Added add(LaneSender lane, NewRecord record) {
        int sizeBytes = record.sizeBytes();
        long reserved = sizeBytes + (long) RECORD_MEMORY_BYTES;
        buffered.reserve(reserved, caller.loop().inEventLoop() ? 0 : config.maxBlock().toMillis());
        Optional<Inbox.Added> added = lane.inbox().add(record, sizeBytes, reserved);
        if (added.isEmpty()) {
            buffered.release(reserved);
            throw closedException();
        }
        if (added.get().wake()) {
            lane.wake();
        }
        return added.get();
    }

    private TopicLanes lanes(String topic) {
        if (closed) {
            throw closedException();
        }
        TopicLanes known = topics.get(topic);
        if (known == null) {
            return learn(topic);
        }
        if (caller.clock().getAsLong() - known.knownAtNanos() > TOPIC_AGE_NANOS) {
            refresh(known);
        }
        return known;
    }

    private TopicLanes learn(String topic) {
        TopicName.check(topic);
        DescribeTopic.Response description =
                caller.await(
                        caller.topic(
                                topic,
                                true,
                                Deadline.in(config.maxBlock().toMillis(), caller.clock())));
        TopicLanes lanes =
                topics.computeIfAbsent(
                        topic, name -> new TopicLanes(name, this::newLane, firstSticky));
        lanes.partitions(description.partitions().size(), caller.clock().getAsLong());
        return lanes;
    }

    private void refresh(TopicLanes known) {
        known.partitions(known.lanes().size(), caller.clock().getAsLong());
        caller.topic(known.topic(), false, caller.requestDeadline())
                .thenAccept(description ->
                        known.partitions(
                                description.partitions().size(), caller.clock().getAsLong()));
    }

    private LaneSender newLane(TopicPartition partition) {
        return new LaneSender(partition, config, caller, ids, buffered);
    }

    /** Completes when what was accepted so far is settled; never exceptionally. */
    private CompletableFuture<Boolean> settled() {
        return caller.onLoop(() -> {
            List<CompletableFuture<Boolean>> done = new ArrayList<>();
            for (LaneSender lane : allLanes()) {
                lane.unsettled().forEach(batch -> done.add(batch.done()));
                lane.wake();
            }
            return CompletableFuture.allOf(done.toArray(CompletableFuture[]::new))
                    .thenApply(nothing -> true);
        });
    }

    private CompletableFuture<Boolean> abandon() {
        allLanes().forEach(LaneSender::abandon);
        return CompletableFuture.completedFuture(true);
    }

    private List<LaneSender> allLanes() {
        return topics.values().stream().flatMap(topic -> topic.lanes().stream()).toList();
    }

    private static MlogException closedException() {
        return new MlogException(ErrorCode.NOT_READY, "this producer was closed");
    }
}
