package io.mlog.kafka;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.mlog.model.ErrorCode;
import io.mlog.model.HostPort;
import io.mlog.model.MlogException;
import io.mlog.services.GroupCaller;
import io.mlog.services.GroupRequest;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.message.FindCoordinatorRequestData;
import org.apache.kafka.common.message.FindCoordinatorResponseData;
import org.apache.kafka.common.message.FindCoordinatorResponseData.Coordinator;
import org.apache.kafka.common.message.HeartbeatResponseData;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.protocol.MessageUtil;
import org.junit.jupiter.api.Test;

final class GroupsEdgeTest {
    private final KafkaExchange kafka = new KafkaExchange();

    @Test
    void theCoordinatorIsToldAtTheAddressThatThisClientReachesItBy() {
        kafka.topics.registerOthers();
        kafka.groups.coordinators.put("here", FakeBroker.ID);
        kafka.groups.coordinators.put("there", 8);

        for (int version = 0; version < 4; version++) {
            FindCoordinatorResponseData here =
                    find(version, GroupRequests.findCoordinator((byte) 0, "here"));
            assertThat(here.errorCode()).isZero();
            assertThat(here.nodeId()).isEqualTo(FakeBroker.ID);
            assertThat(new HostPort(here.host(), here.port()))
                    .isEqualTo(kafka.connection.localAddress());
            FindCoordinatorResponseData there =
                    find(version, GroupRequests.findCoordinator((byte) 0, "there"));
            assertThat(there.nodeId()).isEqualTo(8);
            assertThat(there.host()).isEqualTo("broker-8");
        }
    }

    @Test
    void severalGroupsAreAnsweredInTheirOrderEachByItself() {
        kafka.topics.registerOthers();
        kafka.groups.coordinators.put("here", FakeBroker.ID);
        kafka.groups.coordinators.put("there", 8);
        kafka.groups.coordinators.put("fenced", 9);

        for (int version = 4; version <= 6; version++) {
            List<Coordinator> found =
                    find(
                                    version,
                                    GroupRequests.findCoordinators(
                                            (byte) 0, "there", "nowhere", "here", "fenced"))
                            .coordinators();
            assertThat(found)
                    .extracting(Coordinator::key)
                    .containsExactly("there", "nowhere", "here", "fenced");
            assertThat(found)
                    .extracting(Coordinator::nodeId)
                    .containsExactly(8, -1, FakeBroker.ID, -1);
            short away = Errors.COORDINATOR_NOT_AVAILABLE.code();
            assertThat(found)
                    .extracting(Coordinator::errorCode)
                    .containsExactly((short) 0, away, (short) 0, away);
            assertThat(found.get(1).errorMessage()).isEqualTo("no leader for nowhere");
            assertThat(found.get(3).errorMessage()).contains("fenced", "broker 9");
        }
    }

    @Test
    void coordinatorsOfOtherThingsThanGroupsAreRefusedForGood() {
        kafka.groups.coordinators.put("x", FakeBroker.ID);

        assertThat(refused((byte) 1)).contains("transactions are not supported", "'x'");
        assertThat(refused((byte) 2)).contains("share groups are not supported", "'x'");
        assertThat(refused((byte) 9)).contains("type 9", "'x'");
        assertThat(find(1, GroupRequests.findCoordinator((byte) 1, "x")).errorCode())
                .isEqualTo(Errors.INVALID_REQUEST.code());
    }

    private String refused(byte type) {
        Coordinator refused =
                find(4, GroupRequests.findCoordinators(type, "x")).coordinators().getFirst();
        assertThat(refused.errorCode()).isEqualTo(Errors.INVALID_REQUEST.code());
        return requireNonNull(refused.errorMessage());
    }

    @Test
    void aRequestReachesTheCoordinatorByteForByteWithWhoAsks() {
        ByteBuffer frame = Requests.sample(ApiKeys.JOIN_GROUP, 9);

        kafka.sendOnly(frame);
        frame.clear();
        while (frame.hasRemaining()) {
            frame.put((byte) -1); // the frame was borrowed only
        }

        GroupRequest passed = kafka.groups.requests.getFirst();
        assertThat(passed.apiKey()).isEqualTo(ApiKeys.JOIN_GROUP.id);
        assertThat(passed.version()).isEqualTo((short) 9);
        assertThat(passed.caller()).isEqualTo(new GroupCaller("a-test", "10.9.9.9"));
        assertThat(new JoinGroupRequestData(new ByteBufferAccessor(passed.body()), (short) 9))
                .isEqualTo(GroupRequests.joinGroup("range"));
    }

    @Test
    void theCoordinatorsAnswerReachesTheClientByteForByteBehindTheRightHeader() {
        JoinGroupResponseData answer =
                new JoinGroupResponseData()
                        .setErrorCode(Errors.MEMBER_ID_REQUIRED.code())
                        .setProtocolName("range")
                        .setMemberId("a-test-1");
        for (int version = 0; version <= 9; version++) {
            kafka.groups.next =
                    Optional.of(CompletableFuture.completedFuture(body(answer, version)));
            JoinGroupResponseData told =
                    KafkaExchange.read(
                            kafka.send(Requests.sample(ApiKeys.JOIN_GROUP, version)),
                            ApiKeys.JOIN_GROUP,
                            version,
                            new JoinGroupResponseData());
            assertThat(told.memberId()).isEqualTo("a-test-1");
            assertThat(told.errorCode()).isEqualTo(answer.errorCode());
        }
    }

    @Test
    void anAnswerMayComeLater() {
        CompletableFuture<ByteBuffer> later = new CompletableFuture<>();
        kafka.groups.next = Optional.of(later);
        kafka.sendOnly(Requests.sample(ApiKeys.HEARTBEAT, 4));
        assertThat(kafka.replies).isEmpty();

        later.complete(body(new HeartbeatResponseData().setErrorCode((short) 27), 4));

        HeartbeatResponseData told =
                KafkaExchange.read(
                        kafka.replies.getFirst(),
                        ApiKeys.HEARTBEAT,
                        4,
                        new HeartbeatResponseData());
        assertThat(told.errorCode()).isEqualTo((short) 27);
    }

    @Test
    void whatTheCoordinatorCannotReadClosesTheConnectionWithTheReason() {
        kafka.groups.next =
                Optional.of(
                        CompletableFuture.failedFuture(
                                new MlogException(ErrorCode.INVALID_REQUEST, "no such protocol")));

        String reason = KafkaExchange.closed(kafka.send(Requests.sample(ApiKeys.SYNC_GROUP, 5)));

        assertThat(reason).contains("SyncGroup", "version 5", "no such protocol");
    }

    @Test
    void aRequestThatPassesTheBoundsDoesNotReachTheCoordinator() {
        JoinGroupRequestData many = GroupRequests.joinGroup("range");
        KafkaExchange tight = new KafkaExchange(new KafkaLimits(1 << 20, 1, 1, 1, 1 << 20, 1, 1));
        many.protocols()
                .add(
                        GroupRequests.joinGroup("roundrobin")
                                .protocols()
                                .iterator()
                                .next()
                                .duplicate());

        String reason =
                KafkaExchange.closed(tight.send(KafkaExchange.frame(ApiKeys.JOIN_GROUP, 9, many)));

        assertThat(reason).contains("2 elements");
        assertThat(tight.groups.requests).isEmpty();
    }

    private static ByteBuffer body(ApiMessage message, int version) {
        return MessageUtil.toByteBufferAccessor(message, (short) version).buffer();
    }

    private FindCoordinatorResponseData find(int version, FindCoordinatorRequestData request) {
        return kafka.ask(
                ApiKeys.FIND_COORDINATOR, version, request, new FindCoordinatorResponseData());
    }
}
