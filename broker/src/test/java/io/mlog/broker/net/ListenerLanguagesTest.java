package io.mlog.broker.net;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** One port, told apart by first bytes; and whatever strangers send, the others do not notice. */
@ExtendWith(Leaks.class)
class ListenerLanguagesTest {
    private static final byte[] CLIENT_HELLO_START = {0x16, 3, 1, 2, 0, 1, 0, 1, (byte) 0xfc, 3, 3};

    private ListenerFixture listener;
    private Peer bystander;

    @BeforeEach
    void start() throws Exception {
        listener = ListenerFixture.serving();
        bystander = listener.connect();
        bystander.sendFrame("{before}");
        assertThat(bystander.readTextFrame()).isEqualTo("{before}");
    }

    @AfterEach
    void bystanderDidNotNotice() throws Exception {
        bystander.sendFrame("{after}");
        assertThat(bystander.readTextFrame()).isEqualTo("{after}");
        bystander.close();
        Eventually.holds("all connections gone", () -> listener.listener.connections() == 0);
        assertThat(listener.metric("mlog_partial_frame_bytes")).isZero();
        listener.close();
    }

    @Test
    void jsonKafkaAndHttpShareThePort() throws Exception {
        try (Peer json = listener.connect();
                Peer kafka = listener.connect();
                Peer http = listener.connect()) {
            json.sendFrame("{hello}");
            kafka.sendFrame(FakeServices.kafkaRequest("hello"));
            http.send("GET / HTTP/1.1\r\n\r\n");

            assertThat(json.readTextFrame()).isEqualTo("{hello}");
            assertThat(kafka.readTextFrame()).isEqualTo("hello");
            assertThat(http.readTextToEnd()).isEqualTo("HTTP!");
            assertThat(listener.metric("mlog_connections{language=\"kafka\"}")).isEqualTo(1);
        }
    }

    @Test
    void requestsMayComeByteByByte() throws Exception {
        try (Peer json = listener.connect();
                Peer kafka = listener.connect()) {
            for (byte b : Peer.framed("{slowly}".getBytes(ISO_8859_1))) {
                json.send(b);
            }
            for (byte b : Peer.framed(FakeServices.kafkaRequest("slowly"))) {
                kafka.send(b);
            }

            assertThat(json.readTextFrame()).isEqualTo("{slowly}");
            assertThat(kafka.readTextFrame()).isEqualTo("slowly");
        }
    }

    @Test
    void aLanguageIsDecidedOnceAndForAll() throws Exception {
        try (Peer json = listener.connect()) {
            json.sendFrame("{first}");
            json.sendFrame("[not an object]");

            assertThat(json.readTextFrame()).isEqualTo("{first}");
            assertThat(json.readTextFrame()).isEqualTo("[not an object]");
        }
    }

    @Test
    void everyPrefixOfAFrameThenTheEndIsForgotten() throws Exception {
        for (byte[] frame :
                new byte[][] {
                    Peer.framed("{0123456789}".getBytes(ISO_8859_1)),
                    Peer.framed(FakeServices.kafkaRequest("0123456789"))
                }) {
            for (int length = 0; length < frame.length; length++) {
                try (Peer peer = listener.connect()) {
                    peer.send(Arrays.copyOf(frame, length));
                    peer.finishSending();
                    assertThat(peer.readToEnd()).isEmpty();
                }
            }
        }
        assertThat(listener.services.taken).hasValue(1);
    }

    @Test
    void tlsIsRefusedInItsOwnWords() throws Exception {
        try (Peer peer = listener.connect()) {
            peer.send(Arrays.copyOf(CLIENT_HELLO_START, 600));

            assertThat(peer.readToEnd()).containsExactly(21, 3, 1, 0, 2, 2, 40);
        }
    }

    @Test
    void aTwoGigabyteLengthCloses() throws Exception {
        refused(0x7f, 0xff, 0xff, 0xff, '{');
        refused(0x06, 0xff, 0xff, 0xff, '{');
    }

    @Test
    void aZeroLengthCloses() throws Exception {
        refused(0, 0, 0, 0, '{');
    }

    @Test
    void aZeroLengthOnAnEstablishedConnectionCloses() throws Exception {
        try (Peer peer = listener.connect()) {
            peer.sendFrame("{fine}");
            peer.send(ByteBuffer.allocate(4).array());

            assertThat(peer.readTextFrame()).isEqualTo("{fine}");
            assertThat(peer.readToEnd()).isEmpty();
            assertThat(listener.metric("mlog_connections_closed_total{reason=\"bad_frame\"}"))
                    .isEqualTo(1);
        }
    }

    @Test
    void aFrameOfNoLanguageCloses() throws Exception {
        refused(0, 0, 0, 5, 'x', 'y', 'z', 'z', 'y');
    }

    @Test
    void randomBytesDoNoHarm() throws Exception {
        Random random = new Random(20261124);
        for (int i = 0; i < 300; i++) {
            byte[] noise = new byte[1 + random.nextInt(400)];
            random.nextBytes(noise);
            if (i % 3 == 0) {
                System.arraycopy(new byte[] {0, 0, 0}, 0, noise, 0, Math.min(3, noise.length));
            }
            try (Peer peer = listener.connect()) {
                peer.send(noise);
                peer.finishSending();
                peer.readToEnd();
            }
        }
    }

    private void refused(int... bytes) throws Exception {
        byte[] sent = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            sent[i] = (byte) bytes[i];
        }
        try (Peer peer = listener.connect()) {
            peer.send(sent);
            assertThat(peer.readToEnd()).isEmpty();
        }
    }
}
