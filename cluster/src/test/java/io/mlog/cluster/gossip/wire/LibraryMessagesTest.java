package io.mlog.cluster.gossip.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mlog.cluster.gossip.wire.Packet.Ping;
import io.mlog.cluster.gossip.wire.Packet.Presence;
import io.mlog.cluster.gossip.wire.Packet.Rumour;
import io.mlog.cluster.gossip.wire.Packet.Step;
import io.mlog.cluster.gossip.wire.Packet.Sync;
import io.mlog.cluster.gossip.wire.Packet.TagsRequest;
import io.mlog.cluster.gossip.wire.Sighting.Status;
import io.scalecube.cluster.transport.api.Message;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Against the library's own types: their words show which field went where. */
class LibraryMessagesTest {
    @Test
    void packetsOfAllKindsComeBackFromTheLibrarysMessages() {
        for (Letter letter : Letters.ofAllKinds()) {
            Message message = LibraryMessages.message(letter);
            Letter back =
                    new Letter(
                            letter.clusterId(),
                            letter.sender(),
                            letter.correlation(),
                            LibraryMessages.packet(message));
            assertThat(Letters.shown(back)).isEqualTo(Letters.shown(letter));
            assertThat(message.sender()).isEqualTo(letter.sender().toString());
            assertThat(message.correlationId())
                    .isEqualTo(letter.correlation().isEmpty() ? null : letter.correlation());
        }
    }

    @Test
    void fieldsOfAPingAreWhereTheLibraryHasThem() {
        Message message =
                message(
                        new Ping(
                                Step.ANSWER,
                                Letters.ONE,
                                Letters.TWO,
                                Optional.of(Letters.THREE),
                                Optional.of(Presence.GONE)));
        assertThat(message.qualifier()).isEqualTo("sc/fdetector/pingAck");
        assertThat(message.<Object>data().toString())
                .containsSubsequence(
                        "from=", "17@node1.example:9092", "to=", "1800000000000@[::1]:9095")
                .containsSubsequence("originalIssuer=", "n_3.x", "ackType=DEST_GONE");
    }

    @Test
    void fieldsOfARecordAreWhereTheLibraryHasThem() {
        Sighting sighting = new Sighting(Letters.TWO, Status.LEAVING, 42);
        String record = "1800000000000@[::1]:9095, s: LEAVING, inc: 42";

        Message sync = message(new Sync(false, List.of(sighting)));
        assertThat(sync.qualifier()).isEqualTo("sc/membership/sync");
        assertThat(sync.<Object>data().toString()).contains(record);

        Message gossip = message(new Rumour("node-1#17", 7, "node-9#1", sighting));
        assertThat(gossip.qualifier()).isEqualTo("sc/gossip/req");
        assertThat(gossip.<Object>data().toString())
                .contains("gossiperId='node-1#17'", "sequenceId=7", "from='node-9#1'");
    }

    @Test
    void messageThatTheLibraryDoesNotSendIsABug() {
        assertThatThrownBy(() -> LibraryMessages.packet(Message.fromQualifier("other")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("other");
        Message wrong =
                Message.with(message(new TagsRequest(Letters.ONE)))
                        .qualifier("sc/membership/sync")
                        .build();
        assertThatThrownBy(() -> LibraryMessages.packet(wrong))
                .isInstanceOf(ClassCastException.class);
    }

    private static Message message(Packet packet) {
        return LibraryMessages.message(new Letter("C", Letters.ONE.address(), "c", packet));
    }
}
