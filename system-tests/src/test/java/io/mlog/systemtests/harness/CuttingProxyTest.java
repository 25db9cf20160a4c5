package io.mlog.systemtests.harness;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CuttingProxyTest {
    private ServerSocket echo;
    private CuttingProxy proxy;
    private int port;

    @BeforeEach
    void startEcho() throws IOException {
        echo = new ServerSocket(0, 8, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::echoAll);
        port = Ports.free(1).getFirst();
        proxy = CuttingProxy.before(echo.getLocalPort(), port);
    }

    @AfterEach
    void close() throws IOException {
        proxy.close();
        echo.close();
    }

    @Test
    void passesBytesUntilItIsToldToCutAndThenOnlyOnce() throws Exception {
        try (RawConnection first = RawConnection.to(port, Duration.ofSeconds(10))) {
            first.sendJson("{}");
            assertThat(first.readJson()).isEqualTo("{}");
            proxy.cutAfterAnswerBytes(1);
            first.sendJson("{}");
            assertThat(first.isClosedByPeer()).isTrue();
        }
        assertThat(proxy.cuts()).isEqualTo(1);
        try (RawConnection second = RawConnection.to(port, Duration.ofSeconds(10))) {
            second.sendJson("{}");
            assertThat(second.readJson()).isEqualTo("{}");
        }
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
            // The proxy cut it: what this test asks for.
        }
    }
}
