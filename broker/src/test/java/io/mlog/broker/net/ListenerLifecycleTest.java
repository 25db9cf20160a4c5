package io.mlog.broker.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mlog.model.HostPort;
import java.net.BindException;
import java.net.ConnectException;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class ListenerLifecycleTest {
    @Test
    void aBusyPortIsRefusedWithFlagAddressAndAWayOut() throws Exception {
        try (ListenerFixture first = ListenerFixture.serving()) {
            ListenAddress busy =
                    new ListenAddress(new HostPort("127.0.0.1", first.port()), "--rpc-port");
            Reception reception =
                    new Reception(
                            (_, exchange) -> exchange.replyNothing(),
                            _ -> {},
                            first.metrics,
                            first.requests);

            assertThatThrownBy(() -> Listener.bind(busy, 1, ConnectionLimits.DEFAULT, reception))
                    .isInstanceOf(BindException.class)
                    .hasMessageContaining("--rpc-port " + first.port())
                    .hasMessageContaining("127.0.0.1:" + first.port())
                    .hasMessageContaining("make run ARGS='--rpc-port PORT'");
        }
    }

    @Test
    void closingAnswersWhatWasTakenAndGivesThePortBack() throws Exception {
        ListenerFixture listener = ListenerFixture.servingToTheLast();
        int port = listener.port();
        try (Peer peer = Peer.connect(port);
                Peer idle = Peer.connect(port)) {
            askAndHold(listener, peer, "a");
            CompletableFuture<Void> closing = CompletableFuture.runAsync(listener::close);
            assertThat(idle.readToEnd()).isEmpty();

            listener.services.answerJson("a");

            assertThat(peer.readTextFrame()).isEqualTo("{a}");
            assertThat(peer.readToEnd()).isEmpty();
            closing.join();
            assertThatThrownBy(() -> Peer.connect(port)).isInstanceOf(ConnectException.class);
        }
    }

    @Test
    void aRetiredListenerAnswersWhatWasTakenHoweverLongThatTakes() throws Exception {
        ListenerFixture listener = ListenerFixture.serving();
        int port = listener.port();
        try (Peer peer = Peer.connect(port);
                Peer idle = Peer.connect(port)) {
            askAndHold(listener, peer, "a");

            listener.listener.retire();

            assertThat(idle.readToEnd()).isEmpty();
            assertThatThrownBy(() -> Peer.connect(port)).isInstanceOf(ConnectException.class);
            peer.sendFrame("{hold b}");
            listener.services.answerJson("a");
            assertThat(peer.readTextFrame()).isEqualTo("{a}");
            assertThat(peer.readToEnd()).isEmpty();
            assertThat(listener.services.heldJson).doesNotContainKey("b");
        } finally {
            listener.close();
        }
    }

    @Test
    void closingDoesNotWaitForLongPolls() throws Exception {
        ListenerFixture listener = ListenerFixture.serving();
        try (Peer peer = listener.connect()) {
            askAndHold(listener, peer, "forever");

            listener.close();

            assertThat(peer.readToEnd()).isEmpty();
            assertThat(listener.services.cancelled).containsExactly("forever");
        }
    }

    @Test
    void aListenerThatNeverServedClosesAtOnce() throws Exception {
        ListenerFixture listener = ListenerFixture.starting(ConnectionLimits.DEFAULT);
        try (Peer peer = listener.connect()) {
            peer.sendFrame(FakeServices.kafkaRequest("early"));
            Eventually.holds("arrived", () -> listener.metric("mlog_network_in_bytes_total") > 0);

            listener.close();

            assertThat(peer.readToEnd()).isEmpty();
        }
    }

    /** A request that is taken and not answered yet. */
    private static void askAndHold(ListenerFixture listener, Peer peer, String name)
            throws Exception {
        peer.sendFrame("{hold " + name + "}");
        Eventually.holds("taken", () -> listener.services.heldJson.containsKey(name));
    }
}
