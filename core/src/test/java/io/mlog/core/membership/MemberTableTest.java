package io.mlog.core.membership;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mlog.core.membership.MembershipEvent.Failed;
import io.mlog.core.membership.MembershipEvent.Joined;
import io.mlog.core.membership.MembershipEvent.Left;
import io.mlog.core.membership.MembershipEvent.Updated;
import io.mlog.model.HostPort;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class MemberTableTest {
    private final MemberTable table = new MemberTable(boot("node-1", 10, "dir-1", "C"));

    @Test
    void nodeJoinsIsUpdatedAndFails() {
        Member joining = boot("node-2", 5, "dir-2", "").withState(MemberState.JOINING);
        Member serving = joining.withClusterId("C").withState(MemberState.SERVING);

        assertThat(table.present(joining)).contains(new Joined(joining));
        assertThat(table.present(joining)).as("nothing new").isEmpty();
        assertThat(table.present(serving)).contains(new Updated(joining, serving));
        assertThat(table.members()).containsExactly(table.self(), serving);
        assertThat(table.gone("node-2", 5)).contains(new Failed(serving));
        assertThat(table.members()).containsExactly(table.self());
    }

    @Test
    void goodbyeIsNoFailureAndLateNewsDoNotUndoIt() {
        Member member = boot("node-2", 5, "dir-2", "C");
        table.present(member);

        assertThat(table.left("node-2", 5)).contains(new Left(member));
        assertThat(table.present(member.withState(MemberState.LEAVING))).isEmpty();
        assertThat(table.gone("node-2", 5)).isEmpty();
        assertThat(table.members()).containsExactly(table.self());
        assertThat(table.left("node-2", 5)).as("of one who is not there").isEmpty();
    }

    @Test
    void newBootTakesOverAtOnceAndTheEndOfTheOldOneHidesNothing() {
        Member old = boot("node-2", 5, "dir-2", "C");
        Member young = boot("node-2", 6, "dir-2", "C");
        table.present(old);

        assertThat(table.present(young)).contains(new Updated(old, young));
        assertThat(table.present(old.withState("late"))).isEmpty();
        assertThat(table.gone("node-2", 5)).isEmpty();
        assertThat(table.members()).containsExactly(table.self(), young);
        assertThat(table.gone("node-2", 6)).contains(new Failed(young));
    }

    @Test
    void goodbyeOfTheOldBootThatComesLateHidesNothing() {
        table.present(boot("node-2", 5, "dir-2", "C"));
        Member young = boot("node-2", 6, "dir-2", "C");
        table.present(young);

        assertThat(table.left("node-2", 5)).isEmpty();
        assertThat(table.members()).containsExactly(table.self(), young);
    }

    @Test
    void wipedDiskTakesOverWhenTheOldBootHasFailed() {
        Member old = boot("node-2", 5, "dir-2", "C");
        Member wiped = boot("node-2", 6, "dir-3", "C");
        table.present(old);

        assertThat(table.present(wiped)).isEmpty();
        assertThat(table.members()).containsExactly(table.self(), old);
        assertThat(table.gone("node-2", 5)).contains(new Updated(old, wiped));
    }

    @Test
    void secondProcessWithTheIdOfALiveNodeDisturbsNobody() {
        Member alive = boot("node-2", 5, "dir-2", "C");
        Member twin = boot("node-2", 9, "dir-x", "");
        Member restarted = boot("node-2", 11, "dir-2", "C");
        table.present(alive);

        assertThat(table.present(twin)).isEmpty();
        assertThat(table.present(restarted)).contains(new Updated(alive, restarted));
        assertThat(table.gone("node-2", 5)).isEmpty();
        assertThat(table.left("node-2", 9)).isEmpty();
        assertThat(table.members()).containsExactly(table.self(), restarted);
    }

    @Test
    void rivalsAreOtherProcessesUnderTheOwnIdOnAnotherDirectory() {
        Member rival = boot("node-1", 7, "dir-x", "C");
        assertThat(table.present(rival)).isEmpty();
        assertThat(table.present(boot("node-1", 9, "dir-1", "C")))
                .as("the boot before this one, not yet found dead")
                .isEmpty();
        assertThat(table.present(boot("node-1", 8, "dir-y", "other cluster"))).isEmpty();

        assertThat(table.rivals()).containsExactly(rival);
        assertThat(table.members()).containsExactly(table.self());
        assertThat(table.gone("node-1", 7)).isEmpty();
        assertThat(table.rivals()).isEmpty();
    }

    @Test
    void ownBootIsNobodyElse() {
        assertThat(table.present(table.self().withState("echo"))).isEmpty();
        assertThat(table.size()).isZero();
    }

    @Test
    void othersClustersLeaveWhenTheOwnOneIsLearned() {
        MemberTable newcomer = new MemberTable(boot("node-1", 10, "dir-1", ""));
        Member ours = boot("node-2", 1, "dir-2", "C");
        Member theirs = boot("node-3", 1, "dir-3", "D");
        Member undecided = boot("node-4", 1, "dir-4", "");
        newcomer.present(ours);
        newcomer.present(theirs);
        newcomer.present(undecided);
        assertThat(newcomer.members()).hasSize(4);

        Member self = newcomer.self().withClusterId("C");
        assertThat(newcomer.describeSelf(self)).containsExactly(new Left(theirs));
        assertThat(newcomer.members()).containsExactly(self, ours, undecided);
        assertThat(newcomer.present(undecided.withClusterId("D"))).contains(new Left(undecided));
        assertThat(newcomer.present(theirs.withState("more"))).isEmpty();
        assertThatThrownBy(() -> newcomer.describeSelf(ours))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("node-2#1 is not node-1#10");
    }

    @Test
    void nodesAreFoundByTheirAddress() {
        Member member = boot("node-2", 5, "dir-2", "C");
        table.present(member);
        assertThat(table.at(member.gossipAddress())).contains(member);
        assertThat(table.at(new HostPort("127.0.0.1", 1))).isEmpty();
        assertThat(table.boot("node-2", 5)).contains(member);
        assertThat(table.boot("node-2", 6)).isEmpty();
    }

    /** Whoever only follows the events knows the same as the table, whatever happens. */
    @Test
    void eventsAlternateAndAddUpToTheMembers() {
        for (long seed = 0; seed < 300; seed++) {
            Random random = new Random(seed);
            MemberTable any = new MemberTable(boot("node-0", 3, "dir-0", ""));
            Map<String, Member> followed = new HashMap<>();
            int events = 0;
            for (int step = 0; step < 200; step++) {
                String node = "node-" + random.nextInt(4);
                int epoch = random.nextInt(4);
                List<MembershipEvent> now =
                        switch (random.nextInt(8)) {
                            case 0 -> any.left(node, epoch).stream().toList();
                            case 1, 2 -> any.gone(node, epoch).stream().toList();
                            case 3 ->
                                    random.nextInt(40) == 0
                                            ? any.describeSelf(any.self().withClusterId("C"))
                                            : List.of();
                            default -> any.present(anyBoot(random, node, epoch)).stream().toList();
                        };
                now.forEach(event -> follow(followed, event));
                events += now.size();
                Map<String, Member> shown = new HashMap<>();
                any.members().forEach(member -> shown.put(member.nodeId(), member));
                assertThat(shown.remove("node-0")).isEqualTo(any.self());
                assertThat(followed).as("seed %d step %d", seed, step).isEqualTo(shown);
            }
            assertThat(events).as("seed %d", seed).isPositive();
        }
    }

    private static void follow(Map<String, Member> followed, MembershipEvent event) {
        String node = event.member().nodeId();
        switch (event) {
            case Joined(Member member) -> assertThat(followed.put(node, member)).isNull();
            case Updated(Member before, Member after) ->
                    assertThat(followed.put(node, after)).isEqualTo(before).isNotEqualTo(after);
            case Left(Member member) -> assertThat(followed.remove(node)).isEqualTo(member);
            case Failed(Member member) -> assertThat(followed.remove(node)).isEqualTo(member);
            case MembershipEvent.Suspected suspected ->
                    throw new AssertionError("the table suspects nobody: " + suspected);
        }
    }

    private static Member anyBoot(Random random, String node, int epoch) {
        return boot(
                        node,
                        epoch,
                        "dir-" + (epoch + random.nextInt(2)) / 3,
                        List.of("", "C", "C", "D").get(random.nextInt(4)))
                .withState("s" + random.nextInt(2));
    }

    private static Member boot(String node, long epoch, String directory, String cluster) {
        int port = 1000 + node.hashCode() % 100 + (int) epoch;
        return new Member(
                node,
                epoch,
                cluster,
                directory,
                new HostPort("127.0.0.1", port),
                new HostPort("127.0.0.1", port + 1),
                new HostPort("127.0.0.1", port + 2),
                "0.1.0",
                MemberState.SERVING);
    }
}
