package io.mlog.broker.net;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(Leaks.class)
class JsonConversationTest {
    @Test
    void aRequestThatWaitsDoesNotDelayTheOneBehindIt() throws Exception {
        try (ListenerFixture listener = ListenerFixture.serving();
                Peer peer = listener.connect()) {
            peer.sendFrame("{hold slow}");
            peer.sendFrame("{quick}");

            assertThat(peer.readTextFrame()).isEqualTo("{quick}");

            listener.services.answerJson("slow");
            assertThat(peer.readTextFrame()).isEqualTo("{slow}");
        }
    }

    @Test
    void aRequestAnsweredByNothingFreesItsPlace() throws Exception {
        int many = ConnectionLimits.DEFAULT.maxRequestsInFlight() * 3;
        try (ListenerFixture listener = ListenerFixture.serving();
                Peer peer = listener.connect()) {
            for (int i = 0; i < many; i++) {
                peer.sendFrame("{none}");
            }
            peer.sendFrame("{last}");

            assertThat(peer.readTextFrame()).isEqualTo("{last}");
        }
    }

    @Test
    void noMoreRequestsAreTakenThanMayBeUnanswered() throws Exception {
        int most = ConnectionLimits.DEFAULT.maxRequestsInFlight();
        try (ListenerFixture listener = ListenerFixture.serving();
                Peer peer = listener.connect()) {
            for (int i = 0; i < most; i++) {
                peer.sendFrame("{hold " + i + "}");
            }
            peer.sendFrame("{behind}");
            Eventually.holds("taken", () -> listener.services.heldJson.size() == most);
            assertThat(peer.hasBytes()).isFalse();

            listener.services.answerJson("7");

            Set<String> answers = new HashSet<>();
            answers.add(peer.readTextFrame());
            answers.add(peer.readTextFrame());
            assertThat(answers).containsExactlyInAnyOrder("{7}", "{behind}");
        }
    }

    @Test
    void requestsThatWaitAreBoundedInBytesToo() throws Exception {
        byte[] large = Peer.framed(("{hold " + "x".repeat(4 << 20) + "}").getBytes(UTF_8));
        try (ListenerFixture listener = ListenerFixture.serving();
                Peer peer = listener.connect();
                Peer other = listener.connect()) {
            Thread.ofVirtual()
                    .start(() -> {
                        try {
                            for (int i = 0; i < 20; i++) {
                                peer.send(large);
                            }
                        } catch (IOException ended) {
                            // The test is over before everything is taken.
                        }
                    });
            Eventually.holds("taken", () -> listener.services.taken.get() == 8);
            other.sendFrame("{x}");
            assertThat(other.readTextFrame()).isEqualTo("{x}");

            assertThat(listener.services.taken).hasValue(9);
        }
    }

    @Test
    void answersFromManyThreadsAllArrive() throws Exception {
        try (ListenerFixture listener = ListenerFixture.serving();
                Peer peer = listener.connect()) {
            Set<String> expected = new HashSet<>();
            for (int i = 0; i < 100; i++) {
                peer.sendFrame("{hold " + i + "}");
                expected.add("{" + i + "}");
            }
            Eventually.holds("taken", () -> listener.services.heldJson.size() == 100);
            for (int i = 0; i < 100; i++) {
                String name = String.valueOf(i);
                Thread.ofVirtual().start(() -> listener.services.answerJson(name));
            }

            Set<String> answers = new HashSet<>();
            for (int i = 0; i < 100; i++) {
                answers.add(peer.readTextFrame());
            }
            assertThat(answers).isEqualTo(expected);
        }
    }

    @Test
    void waitsAreGivenUpWhenThePeerGoesAndLateAnswersAreDropped() throws Exception {
        try (ListenerFixture listener = ListenerFixture.serving()) {
            try (Peer peer = listener.connect()) {
                peer.sendFrame("{hold a}");
                Eventually.holds("taken", () -> listener.services.heldJson.containsKey("a"));
            }
            Eventually.holds("given up", () -> listener.services.cancelled.contains("a"));

            listener.services.answerJson("a");
        }
    }

    @Test
    void beforeTheBrokerServesItSaysSoAndTheConnectionStays() throws Exception {
        try (ListenerFixture listener = ListenerFixture.starting(ConnectionLimits.DEFAULT);
                Peer peer = listener.connect()) {
            peer.sendFrame("{hello}");
            assertThat(peer.readTextFrame()).isEqualTo("{not ready}");

            listener.serve();

            peer.sendFrame("{hello}");
            assertThat(peer.readTextFrame()).isEqualTo("{hello}");
        }
    }

    @Test
    void largeRequestsAndRepliesPass() throws Exception {
        String large = "{" + "x".repeat(3_000_000) + "}";
        try (ListenerFixture listener = ListenerFixture.serving();
                Peer peer = listener.connect()) {
            Thread sender =
                    Thread.ofVirtual()
                            .start(() -> {
                                try {
                                    peer.sendFrame(large);
                                    peer.sendFrame(large);
                                } catch (IOException e) {
                                    throw new java.io.UncheckedIOException(e);
                                }
                            });

            assertThat(peer.readTextFrame().equals(large)).isTrue();
            assertThat(peer.readTextFrame().equals(large)).isTrue();
            sender.join();
        }
    }
}
