package io.mlog.kafka;

import io.mlog.model.MlogException;
import io.mlog.services.BrokerService;
import io.mlog.services.GroupApi;
import io.mlog.services.GroupService;
import io.mlog.services.PlacementService;
import io.mlog.services.RecordService;
import io.mlog.services.ReplicaService;
import io.mlog.services.TopicService;
import io.mlog.services.WaitingFetch;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.kafka.common.message.RequestHeaderData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.jspecify.annotations.Nullable;

/**
 * The Kafka protocol of one broker: one request frame in, one reply out. Thread-safe; keeps nothing
 * between requests. It does not order replies: a listener gives each connection its answers in the
 * order of the requests.
 */
public final class KafkaApi {
    private static final int KEY_VERSION_AND_CORRELATION_ID_BYTES = 8;
    private static final String NO_API = "Unknown";

    private final KafkaLimits limits;
    private final ApiVersionsHandler apiVersions;
    private final FetchHandler fetches;
    private final FetchSessions sessions =
            new FetchSessions(
                    FetchSessions.Limits.DEFAULTS,
                    () -> TimeUnit.NANOSECONDS.toMillis(System.nanoTime()));

    /** By API key; null where no API is answered. */
    private final @Nullable ApiHandler<?>[] handlers;

    public KafkaApi(
            RecordService records,
            ReplicaService replicas,
            TopicService topics,
            PlacementService placement,
            GroupService groups,
            BrokerService broker,
            KafkaLimits limits) {
        this.limits = limits;
        BrokerAddresses addresses = new BrokerAddresses(broker);
        fetches = new FetchHandler(records, replicas, topics, broker, addresses, sessions, limits);
        List<ApiHandler<?>> others = handlers(records, topics, placement, broker, limits);
        others.add(fetches);
        others.add(new FindCoordinatorHandler(groups, topics, addresses));
        for (GroupApi api : GroupApi.values()) {
            others.add(new GroupRequestHandler(api, groups));
        }
        apiVersions =
                new ApiVersionsHandler(broker, others.stream().map(ApiHandler::versions).toList());
        handlers = new @Nullable ApiHandler<?>[lastKey(apiVersions.ranges()) + 1];
        handlers[ApiVersionsHandler.VERSIONS.key()] = apiVersions;
        others.forEach(handler -> handlers[handler.versions().key()] = handler);
    }

    private static List<ApiHandler<?>> handlers(
            RecordService records,
            TopicService topics,
            PlacementService placement,
            BrokerService broker,
            KafkaLimits limits) {
        BrokerAddresses addresses = new BrokerAddresses(broker);
        List<ApiHandler<?>> handlers = new ArrayList<>();
        handlers.add(new ProduceHandler(records, topics, addresses, limits));
        handlers.add(new ListOffsetsHandler(records, topics, broker));
        handlers.add(new OffsetForLeaderEpochHandler(records));
        handlers.add(new MetadataHandler(topics, broker, addresses, limits));
        handlers.add(new InitProducerIdHandler(broker));
        handlers.add(new CreateTopicsHandler(topics, broker, limits));
        handlers.add(new DeleteTopicsHandler(topics, limits));
        handlers.add(new DeleteRecordsHandler(records));
        handlers.add(new DescribeConfigsHandler(topics, broker));
        handlers.add(new AlterConfigsHandler(topics, limits));
        handlers.add(new IncrementalAlterConfigsHandler(topics, limits));
        handlers.add(new CreatePartitionsHandler(topics, limits));
        handlers.add(new DescribeClusterHandler(topics, broker, addresses));
        handlers.add(new DescribeTopicPartitionsHandler(topics, addresses));
        handlers.add(new ElectLeadersHandler(placement));
        handlers.add(new AlterPartitionReassignmentsHandler(placement, topics));
        handlers.add(new ListPartitionReassignmentsHandler(topics));
        handlers.add(new DescribeLogDirsHandler(records, topics, broker));
        handlers.add(new DescribeProducersHandler(records));
        handlers.add(new ListConfigResourcesHandler(topics, broker));
        return handlers;
    }

    private static int lastKey(List<ApiVersionRange> ranges) {
        return ranges.getLast().key();
    }

    /**
     * Answers one request. Never throws for what a client sent.
     *
     * @param request one frame without its 4 length bytes, from position to limit, big-endian; heap
     *     or direct, writable (base offsets are assigned in place), borrowed until this returns
     * @param reply called exactly once, on this thread or another (which must not be blocked). Not
     *     called any more, or called with a reply that is to be released, after {@code cancel}
     * @return to be cancelled when the connection closes before the reply; a listener keeps it with
     *     the place that the reply will take, and drops both together
     */
    public WaitingFetch handle(
            ByteBuffer request, KafkaConnection connection, Consumer<KafkaReply> reply) {
        int at = request.position();
        if (request.remaining() < KEY_VERSION_AND_CORRELATION_ID_BYTES) {
            reply.accept(tooShort(request.remaining(), connection));
            return WaitingFetch.NOT_WAITING;
        }
        short key = request.getShort(at);
        short version = request.getShort(at + 2);
        ApiHandler<?> handler = key >= 0 && key < handlers.length ? handlers[key] : null;
        if (handler == null) {
            reply.accept(notOffered(key, version, connection));
            return WaitingFetch.NOT_WAITING;
        }
        Call call =
                new Call(handler.versions(), version, request.getInt(at + 4), connection, reply);
        if (handler.versions().contains(version)) {
            dispatch(handler, request, call);
        } else if (handler == apiVersions) {
            call.guard(() -> ApiVersionsHandler.answerUnknownVersion(call));
        } else {
            call.close(
                    "versions "
                            + handler.versions().minVersion()
                            + " to "
                            + handler.versions().maxVersion()
                            + " are answered");
        }
        return call.waiting();
    }

    /** The APIs that are answered, with their versions, by key: exactly what ApiVersions tells. */
    public Set<ApiVersionRange> advertised() {
        return new LinkedHashSet<>(apiVersions.ranges());
    }

    /** Bytes of records that consumers have read from copies which did not lead. */
    public long followerReadBytes() {
        return fetches.followerBytes();
    }

    /** How many consumers have a fetch session. */
    public int fetchSessions() {
        return sessions.size();
    }

    /** How many partitions the fetch sessions have together. */
    public int fetchSessionPartitions() {
        return sessions.partitions();
    }

    /** How many fetch sessions had to make room for others. */
    public long fetchSessionEvictions() {
        return sessions.evictions();
    }

    private <Q> void dispatch(ApiHandler<Q> handler, ByteBuffer request, Call call) {
        int sizeBytes = request.remaining();
        Q parsed;
        try {
            RequestReader reader =
                    new RequestReader(
                            request,
                            limits.maxStructureBytes(),
                            limits.maxElements(),
                            handler.maxOfFirstArray());
            short version = call.version();
            short header = ApiKeys.forId(handler.versions().key()).requestHeaderVersion(version);
            call.clientId(new RequestHeaderData(reader, header).clientId());
            parsed = handler.parse(reader, version);
        } catch (MlogException e) {
            call.close("request of " + sizeBytes + " bytes refused: " + e.reason());
            return;
        } catch (RuntimeException e) {
            call.close("malformed request of " + sizeBytes + " bytes: " + e);
            return;
        }
        call.guard(() -> handler.answer(parsed, call));
    }

    private static KafkaReply tooShort(int sizeBytes, KafkaConnection connection) {
        return new KafkaReply.Close(
                NO_API,
                "a frame of "
                        + sizeBytes
                        + " bytes from "
                        + connection.remoteAddress()
                        + " is shorter than a Kafka request header");
    }

    private static KafkaReply notOffered(short key, short version, KafkaConnection connection) {
        String api = ApiKeys.hasId(key) ? ApiKeys.forId(key).name : NO_API;
        return new KafkaReply.Close(
                NO_API, Call.describe(api, key, version, connection) + "this API is not answered");
    }
}
