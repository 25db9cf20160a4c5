package io.mlog.broker.net;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(Leaks.class)
class KafkaConversationTest {
    @TempDir Path directory;

    private static void send(Peer peer, String text) throws Exception {
        peer.sendFrame(FakeServices.kafkaRequest(text));
    }

    @Test
    void repliesKeepTheOrderOfRequestsWhicheverIsReadyFirst() throws Exception {
        try (ListenerFixture listener = ListenerFixture.serving();
                Peer peer = listener.connect()) {
            send(peer, "hold a");
            send(peer, "hold b");
            send(peer, "c");
            Eventually.holds("taken", () -> listener.services.taken.get() == 3);
            listener.services.answerKafka("b");
            assertThat(peer.hasBytes()).isFalse();

            listener.services.answerKafka("a");

            assertThat(peer.readTextFrame()).isEqualTo("a");
            assertThat(peer.readTextFrame()).isEqualTo("b");
            assertThat(peer.readTextFrame()).isEqualTo("c");
        }
    }

    @Test
    void aRequestWithoutAnswerTakesNoPlace() throws Exception {
        try (ListenerFixture listener = ListenerFixture.serving();
                Peer peer = listener.connect()) {
            send(peer, "none");
            send(peer, "x");

            assertThat(peer.readTextFrame()).isEqualTo("x");
        }
    }

    @Test
    void closingComesAfterTheRepliesToEarlierRequests() throws Exception {
        try (ListenerFixture listener = ListenerFixture.serving();
                Peer peer = listener.connect()) {
            send(peer, "hold a");
            send(peer, "close");
            send(peer, "never answered");
            Eventually.holds("taken", () -> listener.services.heldKafka.containsKey("a"));
            listener.services.answerKafka("a");

            assertThat(peer.readTextFrame()).isEqualTo("a");
            assertThat(peer.readToEnd()).isEmpty();
        }
    }

    @Test
    void aConnectionEndsBehindTheAnswerThatWasToBeItsLast() throws Exception {
        try (ListenerFixture listener = ListenerFixture.serving();
                Peer peer = listener.connect()) {
            send(peer, "hold a");
            send(peer, "first");
            Eventually.holds("taken", () -> listener.services.heldKafka.containsKey("a"));
            listener.services.answerKafka("a");
            assertThat(peer.readTextFrame()).isEqualTo("a");
            assertThat(peer.readTextFrame()).isEqualTo("first");

            send(peer, "end");
            send(peer, "never answered");
            assertThat(peer.readTextFrame()).isEqualTo("the end");
            assertThat(peer.readToEnd()).isEmpty();
        }
    }

    @Test
    void noMoreRequestsAreTakenThanMayBeUnanswered() throws Exception {
        int most = ConnectionLimits.DEFAULT.maxRequestsInFlight();
        try (ListenerFixture listener = ListenerFixture.serving();
                Peer peer = listener.connect();
                Peer other = listener.connect()) {
            for (int i = 0; i < most + 50; i++) {
                send(peer, "hold " + i);
            }
            Eventually.holds("taken", () -> listener.services.taken.get() == most);
            send(other, "x");
            assertThat(other.readTextFrame()).isEqualTo("x");
            assertThat(listener.services.taken).hasValue(most + 1);

            for (int i = 0; i < most + 50; i++) {
                String name = String.valueOf(i);
                Eventually.holds(
                        "taken in turn", () -> listener.services.heldKafka.containsKey(name));
                listener.services.answerKafka(name);
                assertThat(peer.readTextFrame()).isEqualTo(name);
            }
        }
    }

    @Test
    void waitsAreGivenUpWhenThePeerGoes() throws Exception {
        try (ListenerFixture listener = ListenerFixture.serving()) {
            try (Peer peer = listener.connect()) {
                send(peer, "hold a");
                Eventually.holds("taken", () -> listener.services.heldKafka.containsKey("a"));
            }
            Eventually.holds("given up", () -> listener.services.cancelled.contains("a"));

            FakeSlice late = FakeSlice.inMemory(new byte[100]);
            listener.services.answerKafka("a", FakeServices.slice(late));

            Eventually.holds("late slice is given back", () -> late.releases() == 1);
        }
    }

    @Test
    void aReadyReplyBehindAWaitingOneIsGivenBackWhenThePeerGoes() throws Exception {
        FakeSlice slice = FakeSlice.inMemory(new byte[100]);
        try (ListenerFixture listener = ListenerFixture.serving()) {
            listener.services.slice = slice;
            try (Peer peer = listener.connect()) {
                send(peer, "hold a");
                send(peer, "slice");
                Eventually.holds("taken", () -> listener.services.taken.get() == 2);
            }
            Eventually.holds("given back", () -> slice.releases() == 1);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 5_000, 300_000})
    void slicesOfFilesAndOfMemoryArriveAsTheyAre(int size) throws Exception {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        FakeSlice inFile = FakeSlice.inFile(bytes, directory.resolve("00.log"));
        try (ListenerFixture epoll = ListenerFixture.serving();
                ListenerFixture nio = ListenerFixture.servingOnNio()) {
            for (ListenerFixture listener : new ListenerFixture[] {epoll, nio}) {
                for (FakeSlice slice : new FakeSlice[] {inFile, FakeSlice.inMemory(bytes)}) {
                    int before = slice.releases();
                    listener.services.slice = slice;
                    try (Peer peer = listener.connect()) {
                        send(peer, "slice");
                        send(peer, "after");
                        byte[] frame = peer.readFrame();

                        assertThat(ByteBuffer.wrap(frame).getInt()).isEqualTo(42);
                        assertThat(Arrays.copyOfRange(frame, 4, frame.length)).isEqualTo(bytes);
                        assertThat(peer.readTextFrame()).isEqualTo("after");
                    }
                    Eventually.holds("given back once", () -> slice.releases() == before + 1);
                }
            }
            assertThat(inFile.fileIsOpen()).isTrue();
        } finally {
            inFile.closeFile();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {100, 100_000})
    void recordsThatCannotBeReadEndTheConnectionInsteadOfBeingMadeUp(int size) throws Exception {
        FakeSlice slice = FakeSlice.unreadable(size);
        try (ListenerFixture listener = ListenerFixture.serving();
                Peer peer = listener.connect()) {
            listener.services.slice = slice;
            send(peer, "slice");

            assertThat(peer.readToEnd().length).isLessThanOrEqualTo(8);
            Eventually.holds("given back", () -> slice.releases() == 1);
        }
    }

    @Test
    void clientsAreKnownByTheAddressTheyReachedUsBy() throws Exception {
        try (ListenerFixture listener = ListenerFixture.serving();
                Peer peer = listener.connect()) {
            send(peer, "where");

            assertThat(peer.readTextFrame()).isEqualTo("127.0.0.1:" + listener.port());
        }
    }

    @Test
    void manyRepliesLeaveTogetherAndAreCounted() throws Exception {
        try (ListenerFixture listener = ListenerFixture.serving();
                Peer peer = listener.connect()) {
            StringBuilder stream = new StringBuilder();
            for (int i = 0; i < 1_000; i++) {
                stream.append(new String(Peer.framed(FakeServices.kafkaRequest("r" + i)), UTF_8));
            }
            peer.send(stream.toString());

            for (int i = 0; i < 1_000; i++) {
                assertThat(peer.readTextFrame()).isEqualTo("r" + i);
            }
            assertThat(listener.requests.of("kafka", "Echo").count()).isEqualTo(1_000);
        }
    }
}
