package io.mlog.kafka;

import io.mlog.model.ErrorCode;
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
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.MessageUtil;

/** Remembers the requests and answers each with an empty response of its API, or {@link #next}. */
final class FakeGroups implements GroupService {
    final List<GroupRequest> requests = new ArrayList<>();

    /** Coordinators by group; others have none. */
    final Map<String, Integer> coordinators = new HashMap<>();

    Optional<CompletableFuture<ByteBuffer>> next = Optional.empty();

    @Override
    public CompletableFuture<ByteBuffer> handle(GroupRequest request) {
        requests.add(request);
        return next.orElseGet(() ->
                CompletableFuture.completedFuture(
                        MessageUtil.toByteBufferAccessor(
                                        ApiKeys.forId(request.apiKey()).messageType.newResponse(),
                                        request.version())
                                .buffer()));
    }

    @Override
    public CompletableFuture<Integer> coordinatorOf(String group) {
        Integer coordinator = coordinators.get(group);
        return coordinator == null
                ? CompletableFuture.failedFuture(
                        new MlogException(
                                ErrorCode.COORDINATOR_NOT_AVAILABLE, "no leader for " + group))
                : CompletableFuture.completedFuture(coordinator);
    }

    @Override
    public CompletableFuture<Void> commit(GroupCommit commit) {
        throw new AssertionError("not asked by the Kafka edge");
    }

    @Override
    public CompletableFuture<Map<TopicPartition, CommittedOffset>> committed(String group) {
        throw new AssertionError("not asked by the Kafka edge");
    }

    @Override
    public CompletableFuture<GroupMembership> heartbeat(GroupHeartbeat heartbeat) {
        throw new AssertionError("not asked by the Kafka edge");
    }

    @Override
    public CompletableFuture<List<GroupListing>> list() {
        throw new AssertionError("not asked by the Kafka edge");
    }

    @Override
    public CompletableFuture<Optional<GroupDescription>> describe(String group) {
        throw new AssertionError("not asked by the Kafka edge");
    }

    @Override
    public CompletableFuture<Void> delete(String group) {
        throw new AssertionError("not asked by the Kafka edge");
    }

    @Override
    public CompletableFuture<List<GroupEvent>> journal(String group) {
        throw new AssertionError("not asked by the Kafka edge");
    }
}
