package io.mlog.cluster.gossip.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlog.cluster.gossip.GossipMembership;
import io.mlog.cluster.gossip.GossipSettings;
import io.mlog.cluster.gossip.GossipTiming;
import io.mlog.cluster.gossip.wire.Packet.Rumour;
import io.mlog.cluster.gossip.wire.Packet.Sync;
import io.mlog.cluster.gossip.wire.Sighting.Status;
import io.mlog.cluster.net.BoundPort;
import io.mlog.core.membership.Member;
import io.mlog.core.membership.MemberState;
import io.mlog.core.membership.Membership;
import io.mlog.model.HostPort;
import java.util.List;
import org.junit.jupiter.api.Test;

class IntroducedIncarnationTest {
    /** Otherwise whoever suspects it would not be convinced by its introduction. */
    @Test
    void nodeThatHeardOfASuspicionIntroducesItselfAsClearedOfIt() throws Exception {
        BoundPort port = BoundPort.bind(new HostPort("127.0.0.1", 0), "--bind-addr");
        Boot suspect = new Boot("node-1", 7, port.address());
        try (Post other = Post.of("C");
                Membership node =
                        GossipMembership.start(
                                port,
                                new GossipSettings(
                                        member(suspect),
                                        List.of(other.address()),
                                        List.of(),
                                        GossipTiming.local()),
                                event -> {})) {
            Post.await("an introduction", () -> hasSightingOf(other, suspect, 0));
            var _ =
                    other.transport.introduce(
                            port.address(),
                            new Rumour(
                                    "node-2#1",
                                    1,
                                    "node-2#1",
                                    new Sighting(suspect, Status.SUSPECT, 41)));
            var _ =
                    other.transport.introduce(
                            port.address(),
                            new Sync(
                                    false,
                                    List.of(
                                            new Sighting(
                                                    new Boot("node-2", 1, other.address()),
                                                    Status.ALIVE,
                                                    0))));
            Post.await("the next introduction", () -> hasSightingOf(other, suspect, 42));
            assertThat(node.members()).hasSize(1);
        }
    }

    private static boolean hasSightingOf(Post post, Boot boot, int incarnation) {
        return post.letters.stream()
                .anyMatch(letter ->
                        letter.packet() instanceof Sync sync
                                && !sync.isAnswer()
                                && sync.sightings()
                                        .contains(new Sighting(boot, Status.ALIVE, incarnation)));
    }

    private static Member member(Boot boot) {
        return new Member(
                boot.nodeId(),
                boot.bootEpoch(),
                "C",
                "dir",
                boot.address(),
                boot.address(),
                boot.address(),
                "0.1.0",
                MemberState.SERVING);
    }
}
