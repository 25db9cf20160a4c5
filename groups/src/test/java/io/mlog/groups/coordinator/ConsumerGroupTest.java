package io.mlog.groups.coordinator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mlog.groups.GroupsConfig;
import io.mlog.model.ErrorCode;
import io.mlog.model.MlogException;
import io.mlog.model.TopicId;
import io.mlog.model.TopicPartition;
import io.mlog.services.GroupCommit;
import io.mlog.services.GroupDescription;
import io.mlog.services.GroupHeartbeat;
import io.mlog.services.GroupListing;
import io.mlog.services.GroupMember;
import io.mlog.services.GroupMembership;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** KIP-848 groups: by Kafka's protocol, and in our own words. */
final class ConsumerGroupTest {
    private final GroupsBroker broker = new GroupsBroker(new MemoryLogs(), GroupsConfig.DEFAULTS);
    private TopicId orders = TopicId.ZERO;

    @BeforeEach
    void lead() {
        orders = broker.topic("orders", 10);
        broker.lead(1);
    }

    @AfterEach
    void close() {
        broker.close();
    }

    private ConsumerMember member(String id) {
        return new ConsumerMember(broker, "shop", id, orders);
    }

    @Test
    void memberThatJoinsHasItsPartitionsInTheAnswer() {
        ConsumerMember member = member("a");
        assertThat(member.heartbeat().heartbeatIntervalMs()).isEqualTo(1_000);
        assertThat(member.owned()).hasSize(10);
    }

    /**
     * What it takes at most: the assignment's pause of a second, and a heartbeat of each member.
     */
    @Test
    void twoMembersReconcileWithinThreeSeconds() {
        ConsumerMember first = member("a");
        ConsumerMember second = member("b");
        first.heartbeat();
        second.heartbeat();
        int heartbeats = 0;
        while (first.owned().size() != 5 || second.owned().size() != 5) {
            broker.time.advance(1_000);
            heartbeats++;
            first.heartbeat();
            first.heartbeat(); // a consumer tells at once that it has given partitions up
            second.heartbeat();
            assertThat(heartbeats).isLessThanOrEqualTo(3);
        }
        List<Integer> all = new ArrayList<>(first.owned());
        all.addAll(second.owned());
        assertThat(all).containsExactlyInAnyOrder(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
    }

    @Test
    void memberThatIsSilentLosesItsPartitions() {
        ConsumerMember silent = member("a");
        silent.heartbeat();
        ConsumerMember other = member("b");
        other.heartbeat();
        for (int beat = 0; beat < 45; beat++) {
            broker.time.advance(1_000);
            other.heartbeat();
        }
        broker.time.advance(1_000);
        other.heartbeat();
        assertThat(other.owned()).hasSize(10);
        assertThat(Errors.forCode(silent.heartbeat().errorCode()))
                .isEqualTo(Errors.UNKNOWN_MEMBER_ID);
    }

    @Test
    void regularExpressionsMatchTopics() {
        ConsumerMember member = member("a").matching("ord.*");
        member.heartbeat();
        while (member.owned().isEmpty()) {
            LockSupport.parkNanos(1_000_000); // it is matched on a thread of its own
            broker.time.advance(1_000);
            member.heartbeat();
        }
        assertThat(member.owned()).hasSize(10);
        ConsumerMember broken = member("b").matching("(");
        assertThat(Errors.forCode(broken.heartbeat().errorCode()))
                .isEqualTo(Errors.INVALID_REGULAR_EXPRESSION);
    }

    @Test
    void newPartitionsAreAssigned() {
        ConsumerMember member = member("a");
        member.heartbeat();
        broker.topic("orders", orders, 12);
        while (member.owned().size() != 12) {
            broker.time.advance(1_000);
            member.heartbeat();
        }
        assertThat(member.epoch()).isGreaterThan(1);
    }

    @Test
    void membershipInOurOwnWords() {
        GroupMembership joined =
                GroupsBroker.await(
                        broker.groups.heartbeat(
                                heartbeat(0, Optional.of(List.of("orders")), Optional.empty())));
        assertThat(joined.assignment().orElseThrow()).hasSize(10);
        assertThat(joined.heartbeatIntervalMs()).isEqualTo(1_000);

        GroupMembership next =
                GroupsBroker.await(
                        broker.groups.heartbeat(
                                heartbeat(
                                        joined.memberEpoch(),
                                        Optional.empty(),
                                        joined.assignment())));
        assertThat(next.assignment()).isEmpty();

        GroupDescription described =
                GroupsBroker.await(broker.groups.describe("own")).orElseThrow();
        assertThat(described.listing())
                .isEqualTo(new GroupListing("own", "consumer", "consumer", "Stable"));
        assertThat(described.assignor()).isEqualTo("uniform");
        assertThat(described.members().getFirst().host()).isEqualTo("10.0.0.7");
        assertThat(described.members().getFirst().assigned()).hasSize(10);

        GroupsBroker.await(broker.groups.commit(commit(joined.memberEpoch(), 4)));
        assertThat(broker.committed("own", "orders", 3)).isEqualTo(4);
        assertThatThrownBy(() ->
                        GroupsBroker.await(
                                broker.groups.commit(commit(joined.memberEpoch() - 1, 5))))
                .isInstanceOfSatisfying(
                        MlogException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.STALE_MEMBER_EPOCH))
                .hasMessage(
                        "the member of group 'own' is in another epoch: commit of 5 for orders-3"
                                + " by member me in epoch "
                                + (joined.memberEpoch() - 1));

        assertThat(GroupsBroker.refusal(broker.groups.delete("own")))
                .isEqualTo(ErrorCode.NON_EMPTY_GROUP);
        assertThat(
                        GroupsBroker.await(
                                        broker.groups.heartbeat(
                                                heartbeat(-1, Optional.empty(), Optional.empty())))
                                .memberEpoch())
                .isEqualTo(-1);
        GroupsBroker.await(broker.groups.delete("own"));
        assertThat(GroupsBroker.await(broker.groups.list())).isEmpty();
        assertThat(GroupsBroker.refusal(broker.groups.delete("own")))
                .isEqualTo(ErrorCode.GROUP_ID_NOT_FOUND);
    }

    @Test
    void heartbeatOfAStrangerIsRefusedWithItsValues() {
        assertThatThrownBy(() ->
                        GroupsBroker.await(
                                broker.groups.heartbeat(
                                        heartbeat(7, Optional.empty(), Optional.empty()))))
                .isInstanceOfSatisfying(
                        MlogException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.GROUP_ID_NOT_FOUND))
                .hasMessage("there is no group 'own'");
    }

    @Test
    void heartbeatThatSaysTooLittleIsRefusedWithTheCoordinatorsReason() {
        assertThatThrownBy(() ->
                        GroupsBroker.await(
                                broker.groups.heartbeat(
                                        heartbeat(0, Optional.empty(), Optional.empty()))))
                .isInstanceOfSatisfying(
                        MlogException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_REQUEST))
                .hasMessageStartingWith("heartbeat of member me in epoch 0 of group 'own': ")
                .hasMessageContaining("SubscribedTopicNames");
    }

    private static GroupHeartbeat heartbeat(
            int epoch, Optional<List<String>> topics, Optional<List<TopicPartition>> owned) {
        return new GroupHeartbeat("own", "me", epoch, -1, topics, owned, GroupsBroker.CALLER);
    }

    private static GroupCommit commit(int epoch, long offset) {
        return new GroupCommit(
                "own",
                Optional.of(new GroupMember("me", epoch)),
                Map.of(new TopicPartition("orders", 3), offset),
                GroupsBroker.CALLER);
    }
}
