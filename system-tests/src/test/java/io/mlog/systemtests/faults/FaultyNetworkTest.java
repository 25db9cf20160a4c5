package io.mlog.systemtests.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mlog.systemtests.harness.Await;
import io.mlog.systemtests.harness.Ports;
import io.mlog.systemtests.harness.RawConnection;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two nodes, of which the second is an echo and the first is this test. */
class FaultyNetworkTest {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration SHORT = Duration.ofMillis(200);

    private ServerSocket echo;
    private FaultyNetwork network;
    private int port;
    private volatile int caller = 1;

    @BeforeEach
    void openDoor() throws IOException {
        echo = new ServerSocket(0, 8, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::echoAll);
        port = Ports.free(1).getFirst();
        network = new FaultyNetwork(2, _ -> caller);
        network.door(
                2,
                new InetSocketAddress("127.0.0.1", port),
                new InetSocketAddress("127.0.0.1", echo.getLocalPort()));
        network.open(2);
    }

    @AfterEach
    void close() throws IOException {
        network.close();
        echo.close();
    }

    @Test
    void bytesPassInBothDirections() throws Exception {
        try (RawConnection connection = connect(PATIENCE)) {
            assertThat(echo(connection, "one")).isEqualTo("one");
            assertThat(echo(connection, "two")).isEqualTo("two");
            connection.endSending();
            assertThat(connection.isClosedByPeer()).isTrue();
        }
    }

    @Test
    void whatIsCutOffArrivesAfterHealing() throws Exception {
        try (RawConnection connection = connect(SHORT)) {
            connection.sendJson("one");
            assertThat(readPatiently(connection)).isEqualTo("one");
            network.cut(1, 2);
            assertThatThrownBy(() -> echo(connection, "two"))
                    .isInstanceOf(SocketTimeoutException.class);
            network.heal();
            assertThat(readPatiently(connection)).isEqualTo("two");
        }
    }

    @Test
    void aCutOfOneWayHoldsThatWayOnly() throws Exception {
        for (int from = 1; from <= 2; from++) {
            try (RawConnection connection = connect(SHORT)) {
                network.cutOneWay(from, 3 - from);
                assertThatThrownBy(() -> echo(connection, "held"))
                        .isInstanceOf(SocketTimeoutException.class);
                network.heal();
                assertThat(readPatiently(connection)).isEqualTo("held");
            }
        }
    }

    @Test
    void aNewConnectionWaitsForTheCutToHeal() throws Exception {
        network.isolate(2);
        try (RawConnection connection = connect(SHORT)) {
            assertThatThrownBy(() -> echo(connection, "early"))
                    .isInstanceOf(SocketTimeoutException.class);
            network.heal();
            assertThat(readPatiently(connection)).isEqualTo("early");
        }
    }

    @Test
    void clientsReachAnIsolatedNode() throws Exception {
        network.isolate(2);
        caller = FaultyNetwork.CLIENTS;
        try (RawConnection connection = connect(PATIENCE)) {
            assertThat(echo(connection, "one")).isEqualTo("one");
        }
    }

    @Test
    void aDelayCountsInBothDirections() throws Exception {
        network.delay(1, 2, Duration.ofMillis(40));
        try (RawConnection connection = connect(PATIENCE)) {
            long began = System.nanoTime();
            assertThat(echo(connection, "one")).isEqualTo("one");
            assertThat(System.nanoTime() - began).isGreaterThanOrEqualTo(80_000_000);
        }
    }

    @Test
    void aResetEndsTheConnectionsOfThosePlacesOnly() throws Exception {
        try (RawConnection first = connect(PATIENCE)) {
            assertThat(echo(first, "one")).isEqualTo("one");
            assertThat(network.reset(FaultyNetwork.CLIENTS, 2)).isZero();
            assertThat(echo(first, "two")).isEqualTo("two");
            assertThat(network.reset(2, 1)).isEqualTo(1);
            assertThat(first.isClosedByPeer()).isTrue();
        }
        try (RawConnection second = connect(PATIENCE)) {
            assertThat(echo(second, "three")).isEqualTo("three");
        }
    }

    @Test
    void aShutDoorRefuses() throws Exception {
        network.shut(2);
        assertThatThrownBy(() -> connect(PATIENCE)).isInstanceOf(ConnectException.class);
        network.open(2);
        try (RawConnection connection = connect(PATIENCE)) {
            assertThat(echo(connection, "one")).isEqualTo("one");
        }
    }

    @Test
    void theEndOfTheNodeReachesItsCallers() throws Exception {
        echo.close();
        assertThat(isTurnedAway()).isTrue();
    }

    private boolean isTurnedAway() throws IOException {
        try (RawConnection connection = connect(PATIENCE)) {
            return connection.isClosedByPeer();
        } catch (SocketException e) {
            return true;
        }
    }

    @Test
    void whoCallsIsFoundByTheProcessThatHasTheSocket() throws Exception {
        long self = ProcessHandle.current().pid();
        try (ServerSocket listener = new ServerSocket(0, 2, InetAddress.getLoopbackAddress())) {
            try (Socket calling = new Socket(listener.getInetAddress(), listener.getLocalPort());
                    Socket accepted = listener.accept()) {
                assertThat(calling.getLocalPort()).isEqualTo(accepted.getPort());
                assertThat(new SocketOwners(() -> Map.of(1, 1L, 2, self)).of(accepted))
                        .isEqualTo(2);
                assertThat(new SocketOwners(() -> Map.of(1, 1L)).of(accepted))
                        .isEqualTo(FaultyNetwork.CLIENTS);
            }
            try (Socket gone = new Socket(listener.getInetAddress(), listener.getLocalPort())) {
                gone.setSoLinger(true, 0);
            }
            try (Socket accepted = listener.accept()) {
                assertThat(new SocketOwners(() -> Map.of(2, self)).of(accepted))
                        .isEqualTo(Door.Callers.GONE);
            }
        }
    }

    private RawConnection connect(Duration patience) throws IOException {
        return RawConnection.to(port, patience);
    }

    private static String echo(RawConnection connection, String text) throws IOException {
        connection.sendJson(text);
        return connection.readJson();
    }

    /** Reads on a connection that is impatient. */
    private static String readPatiently(RawConnection connection) {
        String[] read = new String[1];
        Await.until(
                PATIENCE,
                "an answer",
                () -> {
                    read[0] = connection.readJson();
                    return true;
                });
        return read[0];
    }

    private void echoAll() {
        while (!echo.isClosed()) {
            try {
                Socket socket = echo.accept();
                Thread.ofVirtual().start(() -> echoOne(socket));
            } catch (IOException e) {
                // The test is over.
                return;
            }
        }
    }

    private static void echoOne(Socket socket) {
        try (socket) {
            socket.getInputStream().transferTo(socket.getOutputStream());
        } catch (IOException e) {
            // The network broke it: what these tests ask for.
        }
    }
}
