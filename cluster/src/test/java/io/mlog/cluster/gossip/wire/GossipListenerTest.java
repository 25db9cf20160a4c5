package io.mlog.cluster.gossip.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Strangers at the gossip port. Each test ends with a friend who is still heard. */
class GossipListenerTest {
    private static final String KEY = "one-key-of-22-characters";
    private static final AtomicInteger DESERIALISED = new AtomicInteger();

    /** Counts when something makes an object of its bytes. */
    private static final class Bomb implements Serializable {
        private static final long serialVersionUID = 1L;

        private void readObject(ObjectInputStream in) throws IOException {
            DESERIALISED.incrementAndGet();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", KEY})
    void otherProtocolsAreRefusedInALine(String key) throws Exception {
        try (Logged log = new Logged();
                Post post = post(key)) {
            for (byte[] first :
                    List.of(
                            ascii("GET / HTTP/1.1\r\nHost: x\r\n\r\n"),
                            new byte[] {0x16, 3, 1, 2, 0, 1, 0, 1, (byte) 0xFC, 3, 3},
                            ascii("mlograf1 and more"),
                            serialized(new Bomb()))) {
                assertThat(refusalOf(post, first)).isEqualTo(Refusal.NOT_GOSSIP);
            }
            assertThat(refusalOf(post, ascii("mlogsip2 and more")))
                    .isEqualTo(Refusal.OTHER_VERSION);
            assertThat(
                            log.has(
                                    "refused gossip from 127.0.0.1:",
                                    "it is no gossip of mlog (first bytes 47 45 54 20"))
                    .isTrue();
            assertFriendIsHeard(post, key);
        }
    }

    @Test
    void javaObjectsInFramesAreNotDeserialised() throws Exception {
        try (Post post = Post.of("C")) {
            for (Serializable object :
                    List.of(new Bomb(), new HashMap<>(Map.of("a", new Bomb())), "text")) {
                assertThat(refusalOfFrame(post, serialized(object))).isEqualTo(Refusal.MALFORMED);
            }
            assertThat(DESERIALISED).hasValue(0);
            assertFriendIsHeard(post, "");
        }
    }

    @Test
    void framesOfRandomBytesAreRefused() throws Exception {
        Random random = new Random(7);
        try (Post post = Post.of("C")) {
            for (int i = 0; i < 50; i++) {
                byte[] frame = new byte[1 + random.nextInt(300)];
                random.nextBytes(frame);
                assertThat(refusalOfFrame(post, frame)).isEqualTo(Refusal.MALFORMED);
            }
            assertFriendIsHeard(post, "");
        }
        try (Post post = Post.of("C", KEY)) {
            byte[] frame = LetterCodec.encode(Letters.ofAllKinds().getFirst());
            try (Stranger stranger = new Stranger(post, true)) {
                Frames.write(stranger.out, frame);
                assertThat(stranger.refusal()).isEqualTo(Refusal.WRONG_KEY);
            }
            assertFriendIsHeard(post, KEY);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, Integer.MAX_VALUE, Frames.MAX_BYTES + 1})
    void lengthOutOfBoundsIsRefusedBeforeMemoryIsTaken(int length) throws Exception {
        try (Post post = Post.of("C");
                Stranger stranger = new Stranger(post, false)) {
            stranger.out.writeInt(length);
            assertThat(stranger.refusal()).isEqualTo(Refusal.MALFORMED);
            assertFriendIsHeard(post, "");
        }
    }

    /** Recorded frames are worth nothing on another connection. */
    @Test
    void recordedGossipIsRefusedWhenItIsPlayedAgain() throws Exception {
        try (Post post = Post.of("C", KEY)) {
            Greeting greeting = Greeting.of(true);
            byte[] frame;
            try (Stranger recorded = new Stranger(post, greeting)) {
                frame =
                        AesGcmSealing.of(ClusterKey.of(KEY), greeting.random(), recorded.random)
                                .seal(LetterCodec.encode(Letters.ofAllKinds().getFirst()));
                Frames.write(recorded.out, frame);
                Post.await("the letter is taken", () -> post.letters.size() == 1);
                Frames.write(recorded.out, frame);
                assertThat(recorded.refusal()).isEqualTo(Refusal.WRONG_KEY);
            }
            try (Stranger again = new Stranger(post, greeting)) {
                Frames.write(again.out, frame);
                assertThat(again.refusal()).isEqualTo(Refusal.WRONG_KEY);
            }
            assertThat(post.letters).hasSize(1);
            assertFriendIsHeard(post, KEY);
        }
    }

    @Test
    void strangersAreFewAndHaveLittleTime() throws Exception {
        try (Logged log = new Logged();
                Post post = Post.of("C")) {
            List<Socket> silent = new ArrayList<>();
            silent.add(new Socket("127.0.0.1", post.address().port()));
            Drip drip = new Drip(silent.getFirst());
            drip.next();
            while (silent.size() < GossipListener.MAX_STRANGERS + 10) {
                silent.add(new Socket("127.0.0.1", post.address().port()));
            }
            Post.await("the crowd is noticed", () -> log.has("of strangers"));
            for (Socket socket : silent) {
                assertThat(isEnded(socket, drip)).isTrue();
                socket.close();
            }
            assertThat(drip.sent).as("bytes that gained no time").isLessThan(290);
            assertFriendIsHeard(post, "");
        }
    }

    /** Waits for the end, while one socket sends a byte now and then to gain time. */
    private static boolean isEnded(Socket socket, Drip drip) throws IOException {
        socket.setSoTimeout(100);
        for (int i = 0; i < 300; i++) {
            try {
                if (socket.getInputStream().read() < 0) {
                    return true;
                }
            } catch (SocketTimeoutException e) {
                drip.next();
            } catch (IOException e) {
                return true;
            }
        }
        return false;
    }

    /** A greeting and a frame as they should be, byte by byte. */
    private static final class Drip {
        private final Socket socket;
        private final byte[] bytes;
        private int sent;

        Drip(Socket socket) throws IOException {
            this.socket = socket;
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            Greeting.of(false).write(all);
            Frames.write(new DataOutputStream(all), new byte[4096]);
            bytes = all.toByteArray();
        }

        void next() {
            try {
                socket.getOutputStream().write(bytes[sent++]);
            } catch (IOException e) {
                // It has ended.
            }
        }
    }

    private static Post post(String key) throws IOException {
        return key.isEmpty() ? Post.of("C") : Post.of("C", key);
    }

    private static void assertFriendIsHeard(Post post, String key) throws Exception {
        try (Post friend = post(key)) {
            friend.sendTo(post);
            post.awaitLetterOf(friend);
        }
    }

    private static Refusal refusalOf(Post post, byte[] first) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", post.address().port())) {
            socket.setSoTimeout(30_000);
            socket.getOutputStream().write(first);
            DataInputStream in = new DataInputStream(socket.getInputStream());
            var _ = Greeting.read(in);
            return Refusal.of(in.read()).orElseThrow();
        }
    }

    private static Refusal refusalOfFrame(Post post, byte[] frame) throws IOException {
        try (Stranger stranger = new Stranger(post, false)) {
            Frames.write(stranger.out, frame);
            return stranger.refusal();
        }
    }

    private static byte[] serialized(Serializable object) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(object);
        }
        return bytes.toByteArray();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** Someone who greets as a node does. */
    private static final class Stranger implements AutoCloseable {
        private final Socket socket;
        private final InputStream in;
        final DataOutputStream out;
        final byte[] random;

        Stranger(Post post, boolean sealed) throws IOException {
            this(post, Greeting.of(sealed));
        }

        Stranger(Post post, Greeting greeting) throws IOException {
            socket = new Socket("127.0.0.1", post.address().port());
            socket.setSoTimeout(30_000);
            in = socket.getInputStream();
            out = new DataOutputStream(socket.getOutputStream());
            greeting.write(out);
            random = Greeting.read(new DataInputStream(in)).random();
        }

        Refusal refusal() throws IOException {
            return Refusal.of(in.read()).orElseThrow();
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }
}
