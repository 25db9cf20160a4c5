package io.mlog.cluster.gossip.wire;

import io.mlog.cluster.gossip.wire.Packet.Ping;
import io.mlog.cluster.gossip.wire.Packet.Presence;
import io.mlog.cluster.gossip.wire.Packet.Rumour;
import io.mlog.cluster.gossip.wire.Packet.Step;
import io.mlog.cluster.gossip.wire.Packet.Sync;
import io.mlog.cluster.gossip.wire.Packet.TagsAnswer;
import io.mlog.cluster.gossip.wire.Packet.TagsRequest;
import io.mlog.cluster.gossip.wire.Sighting.Status;
import io.mlog.model.HostPort;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Letters of all kinds. */
final class Letters {
    static final Boot ONE = new Boot("node-1", 17, new HostPort("node1.example", 9092));
    static final Boot TWO = new Boot("node-2", 1_800_000_000_000L, new HostPort("::1", 9095));
    static final Boot THREE = new Boot("n_3.x", 0, new HostPort("10.0.0.3", 65535));

    private Letters() {}

    static List<Letter> ofAllKinds() {
        return ofAllPackets()
                .flatMap(packet ->
                        Stream.of(
                                new Letter("", ONE.address(), "", packet),
                                new Letter("cluster-C", TWO.address(), "c-1", packet)))
                .toList();
    }

    private static Stream<Packet> ofAllPackets() {
        return Stream.of(
                new Ping(Step.ASK, ONE, TWO, Optional.empty(), Optional.empty()),
                new Ping(Step.ASK_FOR_ME, ONE, TWO, Optional.empty(), Optional.empty()),
                new Ping(Step.ASK, THREE, TWO, Optional.of(ONE), Optional.empty()),
                new Ping(Step.ANSWER, ONE, TWO, Optional.of(THREE), Optional.of(Presence.THERE)),
                new Ping(Step.ANSWER, ONE, TWO, Optional.empty(), Optional.of(Presence.GONE)),
                new Sync(false, List.of()),
                new Sync(
                        true,
                        Arrays.stream(Status.values())
                                .map(status -> new Sighting(TWO, status, 3))
                                .toList()),
                new Rumour("node-1#17", 5, "node-2#1", new Sighting(THREE, Status.SUSPECT, 0)),
                new TagsRequest(TWO),
                new TagsAnswer(THREE, new byte[] {1, 2, 3}),
                new TagsAnswer(ONE, new byte[0]));
    }

    /** As text, because tags are an array. */
    static String shown(Letter letter) {
        return letter.packet() instanceof TagsAnswer answer
                ? "%s %s %s %s %s"
                        .formatted(
                                letter.clusterId(),
                                letter.sender(),
                                letter.correlation(),
                                answer.of(),
                                Arrays.toString(answer.tags()))
                : letter.toString();
    }
}
