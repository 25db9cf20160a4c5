package io.mlog.kafka;

import io.mlog.model.ErrorCode;
import io.mlog.services.BrokerService;
import io.mlog.services.FetchCommand;
import io.mlog.services.RecordService;
import io.mlog.services.ReplicaService;
import io.mlog.services.TopicService;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Readable;

/**
 * Fetch: reads through the record service, which also waits. Sessions (KIP-227) of consumers are
 * declined by session id 0 in every answer, so that they keep sending whole requests; the request
 * that closes a session names no partitions and is answered at once like any other. What replicas
 * ask goes to {@link ReplicaFetches}; consumers that tell their rack are sent to {@link
 * NearbyReplicas}.
 */
final class FetchHandler implements ApiHandler<FetchRequestData> {
    private static final ApiVersionRange VERSIONS = ApiVersionRange.of(ApiKeys.FETCH, 4, 18);

    /** The session epochs of a request that names all its partitions. */
    private static final int NEW_SESSION = 0;

    private static final int NO_SESSION = -1;

    private final RecordService records;
    private final TopicService topics;
    private final BrokerAddresses addresses;
    private final KafkaLimits limits;
    private final ReplicaFetches replicas;
    private final NearbyReplicas nearby;

    FetchHandler(
            RecordService records,
            ReplicaService replicas,
            TopicService topics,
            BrokerService broker,
            BrokerAddresses addresses,
            KafkaLimits limits) {
        this.records = records;
        this.nearby = new NearbyReplicas(records, topics, broker);
        this.replicas = new ReplicaFetches(replicas, limits);
        this.topics = topics;
        this.addresses = addresses;
        this.limits = limits;
    }

    @Override
    public ApiVersionRange versions() {
        return VERSIONS;
    }

    @Override
    public FetchRequestData parse(Readable request, short version) {
        return new FetchRequestData(request, version);
    }

    @Override
    public void answer(FetchRequestData request, Call call) {
        if (ReplicaFetches.isReplicas(request)) {
            replicas.answer(request, call);
            return;
        }
        if (request.sessionEpoch() != NO_SESSION && request.sessionEpoch() != NEW_SESSION) {
            call.reply(
                    new FetchResponseData()
                            .setErrorCode(ErrorCode.FETCH_SESSION_ID_NOT_FOUND.kafkaCode()));
            return;
        }
        FetchAnswer answer = new FetchAnswer(topics, nearby, addresses, call);
        FetchCommand command = answer.command(request, limits);
        if (command.partitions().isEmpty()) {
            answer.send();
            return;
        }
        call.waitsFor(
                records.fetch(command, fetched -> call.guard(() -> answer.fillAndSend(fetched))));
    }

    /** Bytes of records that consumers have read from copies which did not lead. */
    long followerBytes() {
        return nearby.followerBytes();
    }
}
