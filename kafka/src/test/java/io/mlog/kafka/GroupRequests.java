package io.mlog.kafka;

import java.util.List;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.ConsumerGroupDescribeRequestData;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatRequestData;
import org.apache.kafka.common.message.DeleteGroupsRequestData;
import org.apache.kafka.common.message.DescribeGroupsRequestData;
import org.apache.kafka.common.message.FindCoordinatorRequestData;
import org.apache.kafka.common.message.HeartbeatRequestData;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.JoinGroupRequestData.JoinGroupRequestProtocol;
import org.apache.kafka.common.message.JoinGroupRequestData.JoinGroupRequestProtocolCollection;
import org.apache.kafka.common.message.LeaveGroupRequestData;
import org.apache.kafka.common.message.LeaveGroupRequestData.MemberIdentity;
import org.apache.kafka.common.message.ListGroupsRequestData;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestPartition;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestTopic;
import org.apache.kafka.common.message.OffsetDeleteRequestData;
import org.apache.kafka.common.message.OffsetDeleteRequestData.OffsetDeleteRequestPartition;
import org.apache.kafka.common.message.OffsetDeleteRequestData.OffsetDeleteRequestTopic;
import org.apache.kafka.common.message.OffsetDeleteRequestData.OffsetDeleteRequestTopicCollection;
import org.apache.kafka.common.message.OffsetFetchRequestData;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestGroup;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestTopic;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestTopics;
import org.apache.kafka.common.message.SyncGroupRequestData;
import org.apache.kafka.common.message.SyncGroupRequestData.SyncGroupRequestAssignment;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;

/** Requests about groups as clients send them. */
final class GroupRequests {
    private static final String GROUP = "readers";
    private static final String MEMBER = "member-1";

    private GroupRequests() {}

    /** One of an API about groups, with something in every list. */
    static ApiMessage sample(ApiKeys key, int version) {
        return switch (key) {
            case FIND_COORDINATOR ->
                    version >= 4
                            ? findCoordinators((byte) 0, GROUP, "writers")
                            : findCoordinator((byte) 0, GROUP);
            case OFFSET_COMMIT -> offsetCommit(version);
            case OFFSET_FETCH -> offsetFetch(version);
            case JOIN_GROUP -> joinGroup("range");
            case HEARTBEAT -> new HeartbeatRequestData().setGroupId(GROUP).setMemberId(MEMBER);
            case LEAVE_GROUP -> leaveGroup(version);
            case SYNC_GROUP ->
                    new SyncGroupRequestData()
                            .setGroupId(GROUP)
                            .setMemberId(MEMBER)
                            .setAssignments(
                                    List.of(
                                            new SyncGroupRequestAssignment()
                                                    .setMemberId(MEMBER)
                                                    .setAssignment(new byte[] {1, 2, 3})));
            case DESCRIBE_GROUPS -> new DescribeGroupsRequestData().setGroups(List.of(GROUP));
            case LIST_GROUPS ->
                    version >= 4
                            ? new ListGroupsRequestData().setStatesFilter(List.of("Stable"))
                            : new ListGroupsRequestData();
            case DELETE_GROUPS -> new DeleteGroupsRequestData().setGroupsNames(List.of(GROUP));
            case OFFSET_DELETE -> offsetDelete();
            case CONSUMER_GROUP_HEARTBEAT ->
                    new ConsumerGroupHeartbeatRequestData()
                            .setGroupId(GROUP)
                            .setMemberId(MEMBER)
                            .setSubscribedTopicNames(List.of("orders"));
            case CONSUMER_GROUP_DESCRIBE ->
                    new ConsumerGroupDescribeRequestData().setGroupIds(List.of(GROUP));
            default -> throw new AssertionError("write a sample of " + key);
        };
    }

    /** As before version 4. */
    static FindCoordinatorRequestData findCoordinator(byte type, String key) {
        return new FindCoordinatorRequestData().setKeyType(type).setKey(key);
    }

    /** As from version 4 on. */
    static FindCoordinatorRequestData findCoordinators(byte type, String... keys) {
        return new FindCoordinatorRequestData().setKeyType(type).setCoordinatorKeys(List.of(keys));
    }

    /** A first join. */
    static JoinGroupRequestData joinGroup(String protocol) {
        JoinGroupRequestProtocol offered =
                new JoinGroupRequestProtocol().setName(protocol).setMetadata(new byte[] {4, 5});
        return new JoinGroupRequestData()
                .setGroupId(GROUP)
                .setProtocolType("consumer")
                .setSessionTimeoutMs(10_000)
                .setProtocols(new JoinGroupRequestProtocolCollection(List.of(offered).iterator()));
    }

    private static OffsetCommitRequestData offsetCommit(int version) {
        OffsetCommitRequestTopic topic =
                new OffsetCommitRequestTopic()
                        .setPartitions(
                                List.of(
                                        new OffsetCommitRequestPartition()
                                                .setPartitionIndex(0)
                                                .setCommittedOffset(7)));
        if (version >= 10) {
            topic.setTopicId(new Uuid(1, 2));
        } else {
            topic.setName("orders");
        }
        return new OffsetCommitRequestData()
                .setGroupId(GROUP)
                .setMemberId(MEMBER)
                .setTopics(List.of(topic));
    }

    private static OffsetFetchRequestData offsetFetch(int version) {
        if (version < 8) {
            return new OffsetFetchRequestData()
                    .setGroupId(GROUP)
                    .setTopics(
                            List.of(
                                    new OffsetFetchRequestTopic()
                                            .setName("orders")
                                            .setPartitionIndexes(List.of(0, 1))));
        }
        OffsetFetchRequestTopics topic =
                new OffsetFetchRequestTopics().setPartitionIndexes(List.of(0, 1));
        if (version >= 10) {
            topic.setTopicId(new Uuid(1, 2));
        } else {
            topic.setName("orders");
        }
        return new OffsetFetchRequestData()
                .setGroups(
                        List.of(
                                new OffsetFetchRequestGroup()
                                        .setGroupId(GROUP)
                                        .setTopics(List.of(topic))));
    }

    private static LeaveGroupRequestData leaveGroup(int version) {
        return version < 3
                ? new LeaveGroupRequestData().setGroupId(GROUP).setMemberId(MEMBER)
                : new LeaveGroupRequestData()
                        .setGroupId(GROUP)
                        .setMembers(List.of(new MemberIdentity().setMemberId(MEMBER)));
    }

    private static OffsetDeleteRequestData offsetDelete() {
        OffsetDeleteRequestTopic topic =
                new OffsetDeleteRequestTopic()
                        .setName("orders")
                        .setPartitions(
                                List.of(new OffsetDeleteRequestPartition().setPartitionIndex(0)));
        return new OffsetDeleteRequestData()
                .setGroupId(GROUP)
                .setTopics(new OffsetDeleteRequestTopicCollection(List.of(topic).iterator()));
    }
}
