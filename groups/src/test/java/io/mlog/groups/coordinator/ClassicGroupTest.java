package io.mlog.groups.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlog.groups.coordinator.ClassicMember.Part;
import io.mlog.model.TopicPartition;
import io.mlog.services.GroupDescription;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.message.DescribeGroupsRequestData;
import org.apache.kafka.common.message.DescribeGroupsResponseData;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.message.ListGroupsRequestData;
import org.apache.kafka.common.message.ListGroupsResponseData;
import org.apache.kafka.common.message.ListGroupsResponseData.ListedGroup;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Classic groups, as clients before KIP-848 make them. */
final class ClassicGroupTest {
    private final GroupsBroker broker = GroupsBroker.leading();

    @AfterEach
    void close() {
        broker.close();
    }

    @Test
    void twoMembersShareTheTopicAndCommit() {
        ClassicMember first = new ClassicMember(broker, "shop").alone();
        ClassicMember second = new ClassicMember(broker, "shop");
        CompletableFuture<JoinGroupResponseData> joins = second.joinWithId();
        assertThat(first.heartbeat()).isEqualTo(Errors.REBALANCE_IN_PROGRESS);
        JoinGroupResponseData rejoined = GroupsBroker.await(first.join());
        GroupsBroker.await(joins);
        assertThat(rejoined.leader()).isEqualTo(first.memberId());
        assertThat(rejoined.members()).hasSize(2);
        var waiting = second.sync();
        var led = first.sync(new Part(first, 0, 1), new Part(second, 2, 3));
        assertThat(ClassicMember.partitions(GroupsBroker.await(led))).containsExactly(0, 1);
        assertThat(ClassicMember.partitions(GroupsBroker.await(waiting))).containsExactly(2, 3);
        assertThat(first.generation()).isEqualTo(2).isEqualTo(second.generation());
        assertThat(first.heartbeat()).isEqualTo(Errors.NONE);

        assertThat(second.commit(2, 70)).isEqualTo(Errors.NONE);
        assertThat(broker.committed("shop", "orders", 2)).isEqualTo(70);
    }

    @Test
    void membersOfAnEarlierGenerationAreRefused() {
        ClassicMember member = new ClassicMember(broker, "shop").alone();
        ClassicMember stale = member.at(broker);
        GroupsBroker.await(member.join());
        GroupsBroker.await(member.sync(new Part(member, 0)));
        assertThat(stale.commit(0, 1)).isEqualTo(Errors.ILLEGAL_GENERATION);
        assertThat(stale.heartbeat()).isEqualTo(Errors.ILLEGAL_GENERATION);
    }

    @Test
    void memberThatLeavesIsKnownNoMore() {
        ClassicMember member = new ClassicMember(broker, "shop").alone();
        assertThat(member.leave("the consumer is being closed")).isEqualTo(Errors.NONE);
        assertThat(member.heartbeat()).isEqualTo(Errors.UNKNOWN_MEMBER_ID);
        assertThat(describe("shop").groupState()).isEqualTo("Empty");
    }

    @Test
    void staticMemberComesBackWithoutARebalance() {
        ClassicMember member = new ClassicMember(broker, "shop", "till-1").alone();
        ClassicMember restarted = new ClassicMember(broker, "shop", "till-1");
        JoinGroupResponseData joined = GroupsBroker.await(restarted.join());
        assertThat(joined.errorCode()).isZero();
        assertThat(joined.generationId()).isEqualTo(member.generation());
        assertThat(joined.memberId()).isNotEqualTo(member.memberId());
        assertThat(ClassicMember.partitions(GroupsBroker.await(restarted.sync())))
                .containsExactly(0, 1, 2, 3);
        assertThat(member.heartbeat()).isEqualTo(Errors.FENCED_INSTANCE_ID);
    }

    @Test
    void cooperativeMembersGivePartitionsUpInTheFirstOfTwoRounds() {
        ClassicMember first = new ClassicMember(broker, "shop").cooperative().alone();
        ClassicMember second = new ClassicMember(broker, "shop").cooperative();
        CompletableFuture<JoinGroupResponseData> joins = second.joinWithId();
        GroupsBroker.await(first.join());
        GroupsBroker.await(joins);
        var empty = second.sync();
        GroupsBroker.await(first.sync(new Part(first, 0, 1), new Part(second)));
        assertThat(ClassicMember.partitions(GroupsBroker.await(empty))).isEmpty();

        CompletableFuture<JoinGroupResponseData> again = first.join();
        assertThat(second.heartbeat()).isEqualTo(Errors.REBALANCE_IN_PROGRESS);
        GroupsBroker.await(second.join());
        assertThat(GroupsBroker.await(again).generationId()).isEqualTo(3);
        var given = second.sync();
        GroupsBroker.await(first.sync(new Part(first, 0, 1), new Part(second, 2, 3)));
        assertThat(ClassicMember.partitions(GroupsBroker.await(given))).containsExactly(2, 3);
    }

    @Test
    void memberThatIsSilentIsRemovedAndTheOthersGoOn() {
        ClassicMember alive = new ClassicMember(broker, "shop").alone();
        ClassicMember silent = new ClassicMember(broker, "shop");
        CompletableFuture<JoinGroupResponseData> joins = silent.joinWithId();
        GroupsBroker.await(alive.join());
        GroupsBroker.await(joins);
        var waiting = silent.sync();
        GroupsBroker.await(alive.sync(new Part(alive, 0, 1), new Part(silent, 2, 3)));
        GroupsBroker.await(waiting);

        assertThat(silent.heartbeat()).isEqualTo(Errors.NONE); // its time counts from here
        broker.time.advance(ClassicMember.SESSION_TIMEOUT_MS - 1);
        assertThat(alive.heartbeat()).isEqualTo(Errors.NONE);
        broker.time.advance(1);
        assertThat(alive.heartbeat()).isEqualTo(Errors.REBALANCE_IN_PROGRESS);
        assertThat(GroupsBroker.await(alive.join()).members()).hasSize(1);
    }

    @Test
    void sessionTimeoutsOutOfBoundsAreRefused() {
        GroupsBroker.await(broker.groups.list());
        ClassicMember member = new ClassicMember(broker, "shop");
        assertThat(GroupsBroker.await(member.join(5_999)).errorCode())
                .isEqualTo(Errors.INVALID_SESSION_TIMEOUT.code());
        assertThat(GroupsBroker.await(member.join(1_800_001)).errorCode())
                .isEqualTo(Errors.INVALID_SESSION_TIMEOUT.code());
    }

    @Test
    void groupsAreListedByStateAndType() {
        new ClassicMember(broker, "shop").alone();
        GroupsBroker.await(broker.commit("lonely", "orders", 0, 5));
        assertThat(list(List.of(), List.of())).containsExactlyInAnyOrder("shop", "lonely");
        assertThat(list(List.of("Stable"), List.of())).containsExactly("shop");
        assertThat(list(List.of("empty"), List.of())).containsExactly("lonely");
        assertThat(list(List.of(), List.of("consumer"))).isEmpty();
        assertThat(list(List.of(), List.of("classic"))).hasSize(2);
    }

    private List<String> list(List<String> states, List<String> types) {
        return GroupsBroker.await(
                        broker.ask(
                                ApiKeys.LIST_GROUPS,
                                5,
                                new ListGroupsRequestData()
                                        .setStatesFilter(states)
                                        .setTypesFilter(types),
                                new ListGroupsResponseData()))
                .groups()
                .stream()
                .map(ListedGroup::groupId)
                .toList();
    }

    @Test
    void descriptionTellsMembersInBothLanguages() {
        ClassicMember member = new ClassicMember(broker, "shop").alone();
        DescribeGroupsResponseData.DescribedGroup described = describe("shop");
        assertThat(described.groupState()).isEqualTo("Stable");
        assertThat(described.members().getFirst().clientHost()).isEqualTo("/10.0.0.7");
        assertThat(described.authorizedOperations()).isEqualTo(1 << 3 | 1 << 6 | 1 << 8);

        GroupDescription own = GroupsBroker.await(broker.groups.describe("shop")).orElseThrow();
        assertThat(own.epoch()).isEqualTo(1);
        assertThat(own.assignor()).isEqualTo("range");
        assertThat(own.listing().type()).isEqualTo("classic");
        assertThat(own.members())
                .containsExactly(
                        new GroupDescription.Member(
                                member.memberId(),
                                "",
                                "app",
                                "10.0.0.7",
                                1,
                                List.of(
                                        new TopicPartition("orders", 0),
                                        new TopicPartition("orders", 1),
                                        new TopicPartition("orders", 2),
                                        new TopicPartition("orders", 3))));
        assertThat(GroupsBroker.await(broker.groups.describe("nobody"))).isEmpty();
    }

    private DescribeGroupsResponseData.DescribedGroup describe(String group) {
        return GroupsBroker.await(
                        broker.ask(
                                ApiKeys.DESCRIBE_GROUPS,
                                6,
                                new DescribeGroupsRequestData()
                                        .setGroups(List.of(group))
                                        .setIncludeAuthorizedOperations(true),
                                new DescribeGroupsResponseData()))
                .groups()
                .getFirst();
    }
}
