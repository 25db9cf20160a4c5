package io.mlog.groups.coordinator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mlog.groups.api.NoGroups;
import io.mlog.model.ErrorCode;
import io.mlog.model.MlogException;
import io.mlog.services.GroupApi;
import io.mlog.services.GroupRequest;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.ConsumerGroupDescribeRequestData;
import org.apache.kafka.common.message.ConsumerGroupDescribeResponseData;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatRequestData;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatResponseData;
import org.apache.kafka.common.message.DeleteGroupsRequestData;
import org.apache.kafka.common.message.DeleteGroupsResponseData;
import org.apache.kafka.common.message.DescribeGroupsRequestData;
import org.apache.kafka.common.message.DescribeGroupsResponseData;
import org.apache.kafka.common.message.HeartbeatRequestData;
import org.apache.kafka.common.message.HeartbeatResponseData;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.JoinGroupRequestData.JoinGroupRequestProtocol;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.message.LeaveGroupRequestData;
import org.apache.kafka.common.message.LeaveGroupRequestData.MemberIdentity;
import org.apache.kafka.common.message.LeaveGroupResponseData;
import org.apache.kafka.common.message.ListGroupsRequestData;
import org.apache.kafka.common.message.ListGroupsResponseData;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestPartition;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestTopic;
import org.apache.kafka.common.message.OffsetCommitResponseData;
import org.apache.kafka.common.message.OffsetDeleteRequestData;
import org.apache.kafka.common.message.OffsetDeleteRequestData.OffsetDeleteRequestPartition;
import org.apache.kafka.common.message.OffsetDeleteRequestData.OffsetDeleteRequestTopic;
import org.apache.kafka.common.message.OffsetDeleteResponseData;
import org.apache.kafka.common.message.OffsetFetchRequestData;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestGroup;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestTopic;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestTopics;
import org.apache.kafka.common.message.OffsetFetchResponseData;
import org.apache.kafka.common.message.SyncGroupRequestData;
import org.apache.kafka.common.message.SyncGroupResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every request in every version that is told: it is read, and its answer is of that version. */
final class EveryVersionTest {
    private static final String GROUP = "nobody";

    record Kind(GroupApi api, int version) {}

    static Stream<Kind> kinds() {
        return Stream.of(GroupApi.values())
                .flatMap(api ->
                        IntStream.rangeClosed(api.minVersion(), api.maxVersion())
                                .mapToObj(version -> new Kind(api, version)));
    }

    @Test
    void everyRequestIsAnsweredInItsOwnVersion() {
        try (GroupsBroker broker = GroupsBroker.leading()) {
            kinds().forEach(kind -> {
                ApiMessage answer =
                        GroupsBroker.await(
                                broker.ask(
                                        ApiKeys.forId(kind.api.key()),
                                        kind.version,
                                        request(kind),
                                        response(kind.api)));
                assertThat(errors(answer)).as("%s", kind).doesNotContain(Errors.NOT_COORDINATOR);
            });
        }
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void brokerWithoutGroupsSendsEverybodyToTheCoordinator(Kind kind) {
        ByteBuffer bytes =
                NoGroups.handle(
                        GroupsBroker.request(
                                ApiKeys.forId(kind.api.key()), kind.version, request(kind)));
        ApiMessage answer = GroupsBroker.read(bytes, kind.version, response(kind.api));
        if (kind.api == GroupApi.LIST_GROUPS) {
            assertThat(((ListGroupsResponseData) answer).errorCode()).isZero();
            assertThat(((ListGroupsResponseData) answer).groups()).isEmpty();
        } else {
            assertThat(errors(answer)).containsOnly(Errors.NOT_COORDINATOR);
        }
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void cutRequestsAreRefused(Kind kind) {
        GroupRequest whole =
                GroupsBroker.request(ApiKeys.forId(kind.api.key()), kind.version, request(kind));
        for (int length = 0; length < whole.body().limit(); length++) {
            GroupRequest cut =
                    new GroupRequest(
                            whole.apiKey(),
                            whole.version(),
                            whole.body().slice(0, length),
                            whole.caller());
            assertThatThrownBy(() -> NoGroups.handle(cut))
                    .isInstanceOfSatisfying(
                            MlogException.class,
                            e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_REQUEST));
        }
    }

    @Test
    void versionsBesidesAreRefused() {
        GroupRequest old =
                new GroupRequest((short) 8, (short) 1, ByteBuffer.allocate(0), GroupsBroker.CALLER);
        assertThatThrownBy(() -> NoGroups.handle(old))
                .isInstanceOf(MlogException.class)
                .hasMessage("version 1 of API 8 is not answered");
    }

    private static List<Errors> errors(ApiMessage answer) {
        Stream<Short> codes =
                switch (answer) {
                    case OffsetCommitResponseData a ->
                            a.topics().stream()
                                    .flatMap(t -> t.partitions().stream())
                                    .map(p -> p.errorCode());
                    case OffsetFetchResponseData a -> fetchErrors(a);
                    case JoinGroupResponseData a -> Stream.of(a.errorCode());
                    case HeartbeatResponseData a -> Stream.of(a.errorCode());
                    case LeaveGroupResponseData a -> Stream.of(a.errorCode());
                    case SyncGroupResponseData a -> Stream.of(a.errorCode());
                    case DescribeGroupsResponseData a ->
                            a.groups().stream().map(g -> g.errorCode());
                    case ListGroupsResponseData a -> Stream.of(a.errorCode());
                    case DeleteGroupsResponseData a -> a.results().stream().map(r -> r.errorCode());
                    case OffsetDeleteResponseData a -> Stream.of(a.errorCode());
                    case ConsumerGroupHeartbeatResponseData a -> Stream.of(a.errorCode());
                    case ConsumerGroupDescribeResponseData a ->
                            a.groups().stream().map(g -> g.errorCode());
                    default -> throw new AssertionError(answer);
                };
        return codes.map(Errors::forCode).toList();
    }

    /** By version at the top, at each group, or at each partition. */
    private static Stream<Short> fetchErrors(OffsetFetchResponseData answer) {
        if (answer.errorCode() != 0) {
            return Stream.of(answer.errorCode());
        }
        if (!answer.groups().isEmpty()) {
            return answer.groups().stream().map(group -> group.errorCode());
        }
        return answer.topics().stream()
                .flatMap(topic -> topic.partitions().stream())
                .map(partition -> partition.errorCode());
    }

    private static ApiMessage response(GroupApi api) {
        return switch (api) {
            case OFFSET_COMMIT -> new OffsetCommitResponseData();
            case OFFSET_FETCH -> new OffsetFetchResponseData();
            case JOIN_GROUP -> new JoinGroupResponseData();
            case HEARTBEAT -> new HeartbeatResponseData();
            case LEAVE_GROUP -> new LeaveGroupResponseData();
            case SYNC_GROUP -> new SyncGroupResponseData();
            case DESCRIBE_GROUPS -> new DescribeGroupsResponseData();
            case LIST_GROUPS -> new ListGroupsResponseData();
            case DELETE_GROUPS -> new DeleteGroupsResponseData();
            case OFFSET_DELETE -> new OffsetDeleteResponseData();
            case CONSUMER_GROUP_HEARTBEAT -> new ConsumerGroupHeartbeatResponseData();
            case CONSUMER_GROUP_DESCRIBE -> new ConsumerGroupDescribeResponseData();
        };
    }

    private static ApiMessage request(Kind kind) {
        return switch (kind.api) {
            case OFFSET_COMMIT -> commit(kind.version);
            case OFFSET_FETCH -> fetch(kind.version);
            case JOIN_GROUP -> join();
            case HEARTBEAT -> new HeartbeatRequestData().setGroupId(GROUP).setMemberId("m");
            case LEAVE_GROUP -> leave(kind.version);
            case SYNC_GROUP -> sync(kind.version);
            case DESCRIBE_GROUPS -> new DescribeGroupsRequestData().setGroups(List.of(GROUP, ""));
            case LIST_GROUPS -> new ListGroupsRequestData();
            case DELETE_GROUPS -> new DeleteGroupsRequestData().setGroupsNames(List.of(GROUP));
            case OFFSET_DELETE -> delete();
            case CONSUMER_GROUP_HEARTBEAT ->
                    new ConsumerGroupHeartbeatRequestData()
                            .setGroupId(GROUP)
                            .setMemberId("m")
                            .setMemberEpoch(5);
            case CONSUMER_GROUP_DESCRIBE ->
                    new ConsumerGroupDescribeRequestData().setGroupIds(List.of(GROUP));
        };
    }

    private static ApiMessage commit(int version) {
        OffsetCommitRequestTopic topic =
                new OffsetCommitRequestTopic()
                        .setPartitions(
                                List.of(new OffsetCommitRequestPartition().setCommittedOffset(3)));
        return new OffsetCommitRequestData()
                .setGroupId(GROUP)
                .setTopics(
                        List.of(
                                version < 10
                                        ? topic.setName("orders")
                                        : topic.setTopicId(new Uuid(1, 2))));
    }

    private static ApiMessage fetch(int version) {
        OffsetFetchRequestData request = new OffsetFetchRequestData();
        if (version < 8) {
            return request.setGroupId(GROUP)
                    .setTopics(
                            List.of(
                                    new OffsetFetchRequestTopic()
                                            .setName("orders")
                                            .setPartitionIndexes(List.of(0))));
        }
        OffsetFetchRequestTopics topic =
                new OffsetFetchRequestTopics().setPartitionIndexes(List.of(0));
        return request.setGroups(
                List.of(
                        new OffsetFetchRequestGroup()
                                .setGroupId(GROUP)
                                .setTopics(
                                        List.of(
                                                version < 10
                                                        ? topic.setName("orders")
                                                        : topic.setTopicId(new Uuid(1, 2))))));
    }

    private static ApiMessage join() {
        JoinGroupRequestData request =
                new JoinGroupRequestData()
                        .setGroupId("joined")
                        .setSessionTimeoutMs(5)
                        .setProtocolType("consumer");
        request.protocols().add(new JoinGroupRequestProtocol().setName("range"));
        return request;
    }

    private static ApiMessage leave(int version) {
        LeaveGroupRequestData request = new LeaveGroupRequestData().setGroupId(GROUP);
        return version < 3
                ? request.setMemberId("m")
                : request.setMembers(List.of(new MemberIdentity().setMemberId("m")));
    }

    private static ApiMessage sync(int version) {
        SyncGroupRequestData request =
                new SyncGroupRequestData().setGroupId(GROUP).setMemberId("m");
        return version < 5 ? request : request.setProtocolType("consumer").setProtocolName("range");
    }

    private static ApiMessage delete() {
        OffsetDeleteRequestTopic topic = new OffsetDeleteRequestTopic().setName("orders");
        topic.partitions().add(new OffsetDeleteRequestPartition().setPartitionIndex(1));
        OffsetDeleteRequestData request = new OffsetDeleteRequestData().setGroupId(GROUP);
        request.topics().add(topic);
        return request;
    }
}
