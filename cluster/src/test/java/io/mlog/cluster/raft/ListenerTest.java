package io.mlog.cluster.raft;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlog.core.metadata.MetadataCommand.AllocateProducerIds;
import io.mlog.core.metadata.QuorumChange;
import io.mlog.core.metadata.QuorumView;
import io.mlog.model.PeerId;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.apache.ratis.proto.RaftProtos.AppendEntriesRequestProto;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.proto.RaftProtos.RaftConfigurationProto;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nodes that listen before they vote, where Ratis needs our corrections. */
@Tag("slow") // waits for silences of several seconds
class ListenerTest {
    /** The kind of frame that asks for a vote. */
    private static final int REQUEST_VOTE = 1;

    @TempDir Path directory;

    @Test
    void aListenerOutlivesOneLeaderAfterTheOther() throws Exception {
        try (Cluster cluster = Cluster.of(directory, 3)) {
            Cluster.Member listener = cluster.join("d");
            int given = 0;
            for (int round = 0; round < 3; round++) {
                String leader = cluster.leader().name;
                cluster.kill(leader);
                cluster.done("d", new AllocateProducerIds(1));
                cluster.restart(leader);
                cluster.awaitProducerIds(++given);
            }
            // With nobody to hear from, it waits: only voters stand for election.
            for (String voter : List.of("a", "b", "c")) {
                cluster.kill(voter);
            }
            Cluster.eventually("d hears nobody", () -> listener.log().silentMs() > 3000);
            assertThat(listener.log().quorumLeadership().leading()).isFalse();
            assertThat(listener.removed).isFalse();
            for (String voter : List.of("a", "b", "c")) {
                cluster.restart(voter);
            }
            cluster.done("d", new AllocateProducerIds(1));
            cluster.awaitProducerIds(4);
            assertThat(cluster.fatal).isEmpty();
        }
    }

    @Test
    void aListenerComesBackAsOne() throws Exception {
        try (Cluster cluster = Cluster.of(directory, 1)) {
            cluster.join("b");
            cluster.stop("b");
            cluster.done("a", new AllocateProducerIds(3));
            cluster.restart("b");
            cluster.awaitProducerIds(3);
            assertThat(cluster.listeners("b")).containsExactly("b");
            cluster.done("b", new AllocateProducerIds(1));
        }
    }

    @Test
    void aListenerThatIsDownKeepsNobodyFromBeingAdded() throws Exception {
        try (Cluster cluster = Cluster.of(directory, 3)) {
            PeerId d = cluster.join("d").peer;
            AtomicInteger asked = new AtomicInteger();
            for (String voter : List.of("a", "b", "c")) {
                cluster.relay("d", voter)
                        .watch((relay, frame) -> {
                            if (frame[0] == REQUEST_VOTE) {
                                asked.incrementAndGet();
                            }
                        });
            }
            cluster.kill("d");
            Cluster.eventually("d is missed", () -> cluster.silentMs(d) > 4000);
            cluster.join("e");
            assertThat(cluster.listeners(cluster.leader().name)).containsExactly("d", "e");
            cluster.restart("d");
            cluster.done("d", new AllocateProducerIds(1));
            assertThat(cluster.listeners(cluster.leader().name)).containsExactly("d", "e");
            assertThat(asked).as("votes that d asked for").hasValue(0);
        }
    }

    @Test
    void theLeaderDiesBetweenTheHalvesOfAPromotion() throws Exception {
        try (Cluster cluster = half(directory)) {
            cluster.kill("a");
            cluster.restart("a");
            cluster.done("a", new AllocateProducerIds(1));
            cluster.awaitProducerIds(3);
            assertThat(cluster.voters("b")).containsExactly("a", "b", "c");
            cluster.kill(cluster.leader().name);
            cluster.leader();
        }
    }

    @Test
    void allDieBetweenTheHalvesOfAPromotion() throws Exception {
        try (Cluster cluster = half(directory)) {
            for (String node : List.of("a", "b", "c")) {
                cluster.kill(node);
            }
            for (String node : List.of("a", "b", "c")) {
                cluster.restart(node);
            }
            cluster.done("b", new AllocateProducerIds(1));
            cluster.awaitProducerIds(3);
            assertThat(cluster.voters("c")).containsExactly("a", "b", "c");
        }
    }

    /** Two of three are there, and the log of one says that it listens. */
    @Test
    void aListenerThatMissedItsPromotionVotesForWhoeverCountsOnIt() throws Exception {
        try (Cluster cluster = Cluster.of(directory, 1)) {
            PeerId b = cluster.join("b").peer;
            PeerId c = cluster.join("c").peer;
            cluster.stop("c");
            cluster.restart("c");
            cluster.done("c", new AllocateProducerIds(1));
            Relay way = cluster.relay("a", "c");
            way.watch((relay, frame) -> {
                if (appends(frame, configuration -> configuration.getPeersCount() == 3)) {
                    relay.stall();
                }
            });
            cluster.log("a")
                    .change(cluster.view("a"), new QuorumChange.Promote(Set.of(b, c)))
                    .get(30, TimeUnit.SECONDS);
            cluster.kill("b");
            cluster.kill("c");
            way.watch((relay, frame) -> {});
            Cluster.eventually(
                    "a leads no more", () -> !cluster.log("a").quorumLeadership().leading());
            cluster.restart("c");
            cluster.done("a", new AllocateProducerIds(1));
            assertThat(cluster.voters("c")).containsExactly("a", "b", "c");
        }
    }

    /**
     * A leader and two listeners being promoted: all have the first entry of the change, the leader
     * alone has the second, with which the listeners are voters for good.
     */
    private static Cluster half(Path directory) throws Exception {
        Cluster cluster = Cluster.of(directory, 1);
        PeerId b = cluster.join("b").peer;
        PeerId c = cluster.join("c").peer;
        for (String listener : List.of("b", "c")) {
            // Ratis gives the role of a listener at a start only.
            cluster.stop(listener);
            cluster.restart(listener);
            cluster.done(listener, new AllocateProducerIds(1));
        }
        AtomicInteger stopped = new AtomicInteger();
        for (String listener : List.of("b", "c")) {
            cluster.relay("a", listener)
                    .watch((relay, frame) -> {
                        if (finishesPromotion(frame)) {
                            relay.stall();
                            stopped.incrementAndGet();
                        }
                    });
        }
        QuorumView view = cluster.view("a");
        CompletableFuture<Void> change =
                cluster.log("a").change(view, new QuorumChange.Promote(Set.of(b, c)));
        Cluster.eventually("the change is stopped half-way", () -> stopped.get() == 2);
        for (String listener : List.of("b", "c")) {
            cluster.relay("a", listener).watch((relay, frame) -> {});
        }
        assertThat(change).isNotDone();
        return cluster;
    }

    /** Whether the frame appends a configuration of three voters that replaces no other. */
    private static boolean finishesPromotion(byte[] frame) {
        return appends(
                frame,
                configuration ->
                        configuration.getPeersCount() == 3
                                && configuration.getOldPeersCount() == 0);
    }

    /** Whether the frame appends such a configuration. */
    private static boolean appends(byte[] frame, Predicate<RaftConfigurationProto> which) {
        if (frame[0] != 3) {
            return false;
        }
        try {
            return AppendEntriesRequestProto.parseFrom(
                            ByteString.copyFrom(frame, 1, frame.length - 1))
                    .getEntriesList()
                    .stream()
                    .filter(LogEntryProto::hasConfigurationEntry)
                    .map(LogEntryProto::getConfigurationEntry)
                    .anyMatch(which);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
