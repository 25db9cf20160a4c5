package io.mlog.kafka;

import io.mlog.services.BrokerService;
import io.mlog.services.FetchCommand;
import io.mlog.services.RecordService;
import io.mlog.services.ReplicaService;
import io.mlog.services.TopicService;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.protocol.Readable;

/**
 * Fetch: reads through the record service, which also waits. Consumers may have {@linkplain
 * FetchSessions sessions}. What replicas ask goes to {@link ReplicaFetches}; consumers that tell
 * their rack are sent to {@link NearbyReplicas}.
 */
final class FetchHandler implements ApiHandler<FetchRequestData> {
    private static final ApiVersionRange VERSIONS = ApiVersionRange.of(ApiKeys.FETCH, 4, 18);

    private static final int FIRST_WITH_TOPIC_IDS = 13;

    private final RecordService records;
    private final TopicService topics;
    private final BrokerAddresses addresses;
    private final KafkaLimits limits;
    private final ReplicaFetches replicas;
    private final NearbyReplicas nearby;
    private final FetchSessions sessions;

    FetchHandler(
            RecordService records,
            ReplicaService replicas,
            TopicService topics,
            BrokerService broker,
            BrokerAddresses addresses,
            FetchSessions sessions,
            KafkaLimits limits) {
        this.sessions = sessions;
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
        boolean byTopicId = call.version() >= FIRST_WITH_TOPIC_IDS;
        switch (sessions.turn(request, byTopicId, call.connection())) {
            case FetchTurn.Refused(Errors error) ->
                    call.reply(new FetchResponseData().setErrorCode(error.code()));
            case FetchTurn.Served turn -> serve(turn, request, call);
        }
    }

    private void serve(FetchTurn.Served turn, FetchRequestData request, Call call) {
        FetchAnswer answer = new FetchAnswer(turn, topics, nearby, addresses, call);
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
