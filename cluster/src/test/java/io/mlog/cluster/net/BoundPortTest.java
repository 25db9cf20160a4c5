package io.mlog.cluster.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlog.model.HostPort;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class BoundPortTest {
    private static final String FLAG = "--bind-addr";

    @Test
    void whatIsClosedUnderAnAcceptCanBeBoundAgainAtOnce() throws Exception {
        HostPort address = new HostPort("127.0.0.1", 0);
        for (int i = 0; i < 200; i++) {
            try (BoundPort port = BoundPort.bind(address, FLAG)) {
                address = port.address();
                startAccepting(port);
            }
        }
        assertThat(address.port()).isPositive();
    }

    /** Returns once the thread that accepts is about to. */
    private static void startAccepting(BoundPort port) throws InterruptedException {
        CountDownLatch started = new CountDownLatch(1);
        Thread.ofPlatform()
                .daemon()
                .start(() -> {
                    started.countDown();
                    try (var unexpected = port.accept()) {
                        throw new AssertionError("nobody called " + unexpected);
                    } catch (IOException closed) {
                        // As it should be.
                    }
                });
        started.await();
    }
}
