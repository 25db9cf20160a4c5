package io.mlog.kafka;

import io.mlog.services.BrokerService;
import io.mlog.services.RecordService;
import io.mlog.services.TopicService;
import io.mlog.services.WaitingFetch;
import java.nio.ByteBuffer;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The Kafka protocol of one broker: one request frame in, one reply out. Thread-safe; keeps nothing
 * between requests. It does not order replies: a listener gives each connection its answers in the
 * order of the requests.
 */
public final class KafkaApi {
    private final List<Object> parts;

    public KafkaApi(
            RecordService records,
            TopicService topics,
            BrokerService broker,
            KafkaLimits limits,
            InstantSource clock) {
        parts = List.of(records, topics, broker, limits, clock);
    }

    /**
     * Answers one request. Never throws for what a client sent.
     *
     * @param request one frame without its 4 length bytes, from position to limit; heap or direct,
     *     writable (base offsets are assigned in place), borrowed until this returns
     * @param reply called exactly once, on this thread or another (which must not be blocked). Not
     *     called any more, or called with a reply that is to be released, after {@code cancel}
     * @return to be cancelled when the connection closes before the reply; a listener keeps it with
     *     the place that the reply will take, and drops both together
     */
    public WaitingFetch handle(
            ByteBuffer request, KafkaConnection connection, Consumer<KafkaReply> reply) {
        reply.accept(new KafkaReply.Close("Unknown", "not served yet by " + parts));
        return WaitingFetch.NOT_WAITING;
    }

    /** The APIs that are answered, with their versions: exactly what ApiVersions tells. */
    public Set<ApiVersionRange> advertised() {
        return Set.of();
    }
}
