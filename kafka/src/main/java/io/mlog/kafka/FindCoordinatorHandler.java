package io.mlog.kafka;

import io.mlog.model.ErrorCode;
import io.mlog.model.MlogException;
import io.mlog.services.GroupService;
import io.mlog.services.TopicService;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.message.FindCoordinatorRequestData;
import org.apache.kafka.common.message.FindCoordinatorResponseData;
import org.apache.kafka.common.message.FindCoordinatorResponseData.Coordinator;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Readable;

/**
 * FindCoordinator: which broker answers for a group, for one group at a time or, from version 4 on,
 * for several. There are no coordinators of transactions and share groups; a client that asks for
 * one is refused in a way that it takes as final.
 */
final class FindCoordinatorHandler implements ApiHandler<FindCoordinatorRequestData> {
    private static final ApiVersionRange VERSIONS =
            ApiVersionRange.of(ApiKeys.FIND_COORDINATOR, 0, 6);
    private static final int FIRST_WITH_SEVERAL = 4;

    private static final byte GROUP = 0;
    private static final byte TRANSACTION = 1;
    private static final byte SHARE = 2;

    private final GroupService groups;
    private final TopicService topics;
    private final BrokerAddresses addresses;

    FindCoordinatorHandler(GroupService groups, TopicService topics, BrokerAddresses addresses) {
        this.groups = groups;
        this.topics = topics;
        this.addresses = addresses;
    }

    @Override
    public ApiVersionRange versions() {
        return VERSIONS;
    }

    @Override
    public FindCoordinatorRequestData parse(Readable request, short version) {
        return new FindCoordinatorRequestData(request, version);
    }

    @Override
    public void answer(FindCoordinatorRequestData request, Call call) {
        byte type = request.keyType();
        if (call.version() < FIRST_WITH_SEVERAL) {
            call.replyWhen(
                    find(type, request.key(), call).thenApply(FindCoordinatorHandler::single));
            return;
        }
        List<CompletableFuture<Coordinator>> found =
                request.coordinatorKeys().stream().map(key -> find(type, key, call)).toList();
        call.replyWhen(
                Outcomes.all(found)
                        .thenApply(all -> new FindCoordinatorResponseData().setCoordinators(all)));
    }

    private CompletableFuture<Coordinator> find(byte type, String key, Call call) {
        return Outcomes.settle(
                () -> {
                    if (type != GROUP) {
                        throw noCoordinators(type, key);
                    }
                    return groups.coordinatorOf(key)
                            .thenApply(brokerId -> coordinator(key, brokerId, call));
                },
                coordinator -> coordinator,
                refusal -> refused(key, refusal));
    }

    private Coordinator coordinator(String key, int brokerId, Call call) {
        BrokerAddresses.Node node =
                addresses
                        .byId(brokerId, topics.metadata(), call.connection())
                        .filter(known -> !known.fenced())
                        .orElseThrow(() -> away(key, brokerId));
        return new Coordinator()
                .setKey(key)
                .setNodeId(node.id())
                .setHost(node.address().host())
                .setPort(node.address().port());
    }

    private static Coordinator refused(String key, Refusal refusal) {
        return new Coordinator()
                .setKey(key)
                .setNodeId(-1)
                .setPort(-1)
                .setErrorCode(refusal.code())
                .setErrorMessage(refusal.message());
    }

    private static FindCoordinatorResponseData single(Coordinator found) {
        return new FindCoordinatorResponseData()
                .setNodeId(found.nodeId())
                .setHost(found.host())
                .setPort(found.port())
                .setErrorCode(found.errorCode())
                .setErrorMessage(found.errorMessage());
    }

    private static MlogException away(String group, int brokerId) {
        return new MlogException(
                ErrorCode.COORDINATOR_NOT_AVAILABLE,
                "group '"
                        + group
                        + "' is coordinated by broker "
                        + brokerId
                        + ", which is not in service; another one will take over, retry");
    }

    private static MlogException noCoordinators(byte type, String key) {
        String message =
                switch (type) {
                    case TRANSACTION ->
                            "transactions are not supported (transactional.id '"
                                    + key
                                    + "'): leave transactional.id out; enable.idempotence works";
                    case SHARE ->
                            "share groups are not supported ('"
                                    + key
                                    + "'): use a consumer group, with a KafkaConsumer";
                    default ->
                            "coordinator type "
                                    + type
                                    + " of '"
                                    + key
                                    + "' is not known; 0, for groups, is";
                };
        return new MlogException(ErrorCode.INVALID_REQUEST, message);
    }
}
