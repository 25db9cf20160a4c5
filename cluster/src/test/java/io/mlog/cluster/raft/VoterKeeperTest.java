package io.mlog.cluster.raft;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlog.core.metadata.MetadataCommand.AllocateProducerIds;
import io.mlog.core.metadata.QuorumMember;
import io.mlog.model.PeerId;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VoterKeeperTest {
    @TempDir Path directory;

    @Test
    void theQuorumGrowsAndReplacesWhoLeavesOrLostItsDisk() throws Exception {
        Set<PeerId> belonging = ConcurrentHashMap.newKeySet();
        List<VoterKeeper> keepers = new ArrayList<>();
        try (Cluster cluster = new Cluster(directory)) {
            belonging.add(cluster.found("a").peer);
            keepers.add(keeper(cluster, "a", belonging));
            for (String node : List.of("b", "c", "d", "e", "f")) {
                belonging.add(cluster.startEmpty(node).peer);
                keepers.add(keeper(cluster, node, belonging));
            }
            keepers.getFirst().wake();
            Cluster.eventually("five vote", () -> cluster.voters("a").size() == 5);
            Cluster.eventually("one listens", () -> cluster.listeners("a").size() == 1);
            cluster.done("f", new AllocateProducerIds(1));

            Cluster.Member leader = cluster.leader();
            Cluster.Member leaving = voterBesides(cluster, leader);
            PeerId spare = leader.log().view().listeners().getFirst().id();
            belonging.remove(leaving.peer);
            Cluster.eventually(
                    "the spare takes its place",
                    () ->
                            leader.log().view().isVoter(spare)
                                    && leader.log().view().member(leaving.peer).isEmpty());

            Cluster.Member former = voterBesides(cluster, leader);
            cluster.kill(former.name);
            Cluster.Member back = cluster.restartWiped(former.name);
            keepers.add(keeper(cluster, back.name, belonging));
            belonging.add(back.peer);
            belonging.remove(former.peer);
            Cluster.eventually(
                    "the new disk takes the old one's place",
                    () ->
                            leader.log().view().isVoter(back.peer)
                                    && leader.log().view().member(former.peer).isEmpty());
            assertThat(leader.log().view().voters()).hasSize(5);
            cluster.done(back.name, new AllocateProducerIds(1));
            keepers.forEach(VoterKeeper::close);
        }
    }

    private static VoterKeeper keeper(Cluster cluster, String name, Set<PeerId> belonging) {
        return VoterKeeper.start(
                cluster.log(name), () -> belonging, () -> cluster.addressesFrom(name));
    }

    private static Cluster.Member voterBesides(Cluster cluster, Cluster.Member leader) {
        return leader.log().view().voters().stream()
                .map(QuorumMember::id)
                .filter(peer -> !peer.equals(leader.peer))
                .map(peer -> cluster.member(peer.nodeId()))
                .findFirst()
                .orElseThrow();
    }
}
