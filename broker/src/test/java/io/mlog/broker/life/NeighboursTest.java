package io.mlog.broker.life;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlog.core.membership.Member;
import io.mlog.core.membership.MemberState;
import io.mlog.core.membership.Membership;
import io.mlog.model.HostPort;
import java.util.List;
import org.junit.jupiter.api.Test;

class NeighboursTest {
    private static final HostPort ADDRESS = new HostPort("127.0.0.1", 1);

    @Test
    void whatWasSaidBeforeGossipBeganIsToldWhenItDoes() throws Exception {
        Member self =
                new Member(
                        "node-1",
                        1,
                        "",
                        "directory",
                        ADDRESS,
                        ADDRESS,
                        ADDRESS,
                        "0.1.0",
                        MemberState.JOINING);
        try (LibrariesInMemory libraries = new LibrariesInMemory();
                Neighbours neighbours = new Neighbours()) {
            neighbours.belongTo("cluster-1");
            neighbours.say(MemberState.SERVING);
            assertThat(neighbours.members()).isEmpty();

            Membership gossip = libraries.startGossip(self, List.of(), neighbours);
            neighbours.begin(listener -> gossip);

            assertThat(neighbours.members())
                    .containsExactly(
                            self.withClusterId("cluster-1").withState(MemberState.SERVING));
        }
    }
}
