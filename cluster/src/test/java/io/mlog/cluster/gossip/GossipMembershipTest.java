package io.mlog.cluster.gossip;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlog.core.membership.MembershipEvent.Failed;
import io.mlog.core.membership.MembershipEvent.Joined;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class GossipMembershipTest {
    @Test
    void nodesThatAreToldOfOneOtherKnowAll() throws Exception {
        try (Gossiper first = Gossiper.start("node-1");
                Gossiper second = Gossiper.start("node-2", first);
                Gossiper third = Gossiper.start("node-3", second)) {
            first.awaitMembers(second, third);
            second.awaitMembers(first, third);
            third.awaitMembers(first, second);
            third.membership.joined().get(30, TimeUnit.SECONDS);
            assertThat(first.sureEvents())
                    .containsExactlyInAnyOrder(new Joined(second.self()), new Joined(third.self()));
        }
    }

    @Test
    void nodeThatGoesWithoutAWordHasFailedSoon() throws Exception {
        try (Gossiper first = Gossiper.start("node-1");
                Gossiper second = Gossiper.start("node-2", first);
                Gossiper third = Gossiper.start("node-3", second)) {
            first.awaitMembers(second, third);
            third.vanish();
            first.await(event -> event.equals(new Failed(third.self())));
            first.awaitMembers(second);
            second.awaitMembers(first);
        }
    }
}
