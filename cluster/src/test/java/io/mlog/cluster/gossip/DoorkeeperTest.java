package io.mlog.cluster.gossip;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlog.cluster.gossip.wire.Boot;
import io.mlog.cluster.gossip.wire.Packet;
import io.mlog.cluster.gossip.wire.Packet.Rumour;
import io.mlog.cluster.gossip.wire.Packet.Sync;
import io.mlog.cluster.gossip.wire.Sighting;
import io.mlog.cluster.gossip.wire.Sighting.Status;
import io.mlog.core.membership.Member;
import io.mlog.core.membership.MemberState;
import io.mlog.model.HostPort;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DoorkeeperTest {
    private static final HostPort HERE = new HostPort("127.0.0.1", 1);
    private static final HostPort THERE = new HostPort("127.0.0.1", 2);
    private static final Member SELF =
            new Member("node-1", 1, "C", "dir", HERE, HERE, HERE, "0.1.0", MemberState.SERVING);
    private static final Set<String> KNOWN = Set.of("node-2#5");

    @Test
    void newsOfThoseWhoAreKnownPasses() {
        for (Status status : Status.values()) {
            assertThat(isAdmitted(new Boot("node-2", 5, THERE), status)).isTrue();
            assertThat(isAdmitted(new Boot("node-1", 1, HERE), status)).as("own").isTrue();
        }
    }

    @Test
    void unknownBootsPassOnlyAlive() {
        for (Status status : Status.values()) {
            assertThat(isAdmitted(new Boot("node-2", 6, THERE), status))
                    .as(status.name())
                    .isEqualTo(status == Status.ALIVE);
        }
    }

    @Test
    void somebodyElseUnderTheOwnNameIsKeptOut() {
        assertThat(isAdmitted(new Boot("node-1", 1, THERE), Status.ALIVE)).isFalse();
    }

    @Test
    void bootsAreNotTakenWithoutEnd() {
        Set<String> many =
                IntStream.range(0, Doorkeeper.MOST_BOOTS)
                        .mapToObj(i -> "node-" + i + "#9")
                        .collect(Collectors.toSet());
        Sighting more = new Sighting(new Boot("node-2", 5, THERE), Status.ALIVE, 0);
        Sighting known = new Sighting(new Boot("node-3", 9, THERE), Status.ALIVE, 0);
        assertThat(Doorkeeper.admit(SELF, many, new Sync(true, List.of(more, known))))
                .contains(new Sync(true, List.of(known)));
    }

    @Test
    void otherPacketsPass() {
        Packet request = new Packet.TagsRequest(new Boot("node-1", 1, HERE));
        assertThat(Doorkeeper.admit(SELF, KNOWN, request)).contains(request);
    }

    /** Whether it passes, told by everyone and as a rumour alike. */
    private static boolean isAdmitted(Boot boot, Status status) {
        Sighting sighting = new Sighting(boot, status, 3);
        Rumour rumour = new Rumour("node-9#1", 1, "node-9#1", sighting);
        boolean admitted = Doorkeeper.admit(SELF, KNOWN, rumour).isPresent();
        Sync sync = new Sync(false, List.of(sighting));
        assertThat(Doorkeeper.admit(SELF, KNOWN, sync).isPresent()).isEqualTo(admitted);
        return admitted;
    }
}
