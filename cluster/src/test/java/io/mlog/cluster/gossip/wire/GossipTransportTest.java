package io.mlog.cluster.gossip.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mlog.model.HostPort;
import io.scalecube.cluster.transport.api.Message;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class GossipTransportTest {
    private static final String KEY = "one-key-of-22-characters";
    private static final String OTHER_KEY = "other-key-of-22-characters";

    @Test
    void lettersArriveInOrderOverOneConnection() throws Exception {
        try (Post sender = Post.of("C", KEY);
                Post receiver = Post.of("C", KEY)) {
            for (int i = 0; i < 500; i++) {
                sender.transport
                        .send(
                                receiver.address().toString(),
                                LibraryMessages.message(
                                        new Letter(
                                                "C",
                                                sender.address(),
                                                "c" + i,
                                                new Packet.TagsRequest(sender.boot()))))
                        .block();
            }
            Post.await("500 letters", () -> receiver.letters.size() == 500);
            for (int i = 0; i < 500; i++) {
                assertThat(receiver.letters.get(i).correlation()).isEqualTo("c" + i);
            }
            assertThat(sender.broken).isEmpty();
        }
    }

    @Test
    void wrongMissingAndUnknownKeysAreToldToBothSides() throws Exception {
        try (Logged log = new Logged();
                Post keyed = Post.of("C", KEY);
                Post otherwise = Post.of("C", OTHER_KEY);
                Post clear = Post.of("C")) {
            assertRefused(otherwise, keyed, Refusal.WRONG_KEY, log);
            assertRefused(clear, keyed, Refusal.IN_CLEAR, log);
            assertRefused(keyed, clear, Refusal.SEALED, log);
        }
    }

    @Test
    void otherClusterIsToldToBothSidesAndUndecidedNodesAreHeard() throws Exception {
        try (Logged log = new Logged();
                Post ours = Post.of("C");
                Post theirs = Post.of("D");
                Post undecided = Post.of("")) {
            assertRefused(theirs, ours, Refusal.OTHER_CLUSTER, log);
            assertThat(log.has("it is of another cluster (D, ours is C)")).isTrue();
            undecided.sendTo(ours);
            ours.awaitLetterOf(undecided);
            ours.sendTo(undecided);
            undecided.awaitLetterOf(ours);
        }
    }

    private static void assertRefused(Post sender, Post receiver, Refusal refusal, Logged log)
            throws Exception {
        sender.sendInVain(receiver.address());
        sender.awaitRefusal(refusal);
        assertThat(receiver.letters).isEmpty();
        assertThat(log.has("refused gossip from 127.0.0.1:", refusal.here())).isTrue();
        assertThat(log.has(receiver.address() + " refuses our gossip: " + refusal.there()))
                .isTrue();
    }

    @Test
    void keyIsReplacedNodeByNode() throws Exception {
        try (Post before = Post.of("C", KEY);
                Post knowing = Post.of("C", KEY, OTHER_KEY);
                Post changed = Post.of("C", OTHER_KEY, KEY);
                Post after = Post.of("C", OTHER_KEY)) {
            for (List<Post> pair :
                    List.of(
                            List.of(before, knowing),
                            List.of(knowing, changed),
                            List.of(changed, after))) {
                pair.getFirst().sendTo(pair.getLast());
                pair.getLast().sendTo(pair.getFirst());
                pair.getLast().awaitLetterOf(pair.getFirst());
                pair.getFirst().awaitLetterOf(pair.getLast());
            }
        }
    }

    @Test
    void ownAddressUnderAnotherNameIsFoundOutSilently() throws Exception {
        try (Logged log = new Logged();
                Post post = Post.of("C")) {
            post.sendInVain(new HostPort("localhost", post.address().port()));
            post.awaitRefusal(Refusal.OURSELVES);
            assertThat(log.lines())
                    .noneMatch(line -> line.contains(Refusal.OURSELVES.here()))
                    .noneMatch(line -> line.contains(Refusal.OURSELVES.there()));
        }
    }

    @Test
    void brokenConnectionIsToldAndMadeAgain() throws Exception {
        try (Post sender = Post.of("C")) {
            HostPort address;
            try (Post receiver = Post.of("C")) {
                address = receiver.address();
                sender.sendTo(receiver);
                receiver.awaitLetterOf(sender);
            }
            Post.await("the end is told", () -> sender.broken.contains(address));
            try (Post again = Post.at(address, "C")) {
                sender.sendTo(again);
                again.awaitLetterOf(sender);
            }
        }
    }

    @Test
    void letterThatReachesNobodyFails() throws Exception {
        HostPort nobody;
        try (Post gone = Post.of("C")) {
            nobody = gone.address();
        }
        try (Post sender = Post.of("C")) {
            assertThatThrownBy(() ->
                            sender.transport
                                    .introduce(nobody, new Packet.TagsRequest(sender.boot()))
                                    .get(30, TimeUnit.SECONDS))
                    .isInstanceOf(ExecutionException.class)
                    .cause()
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("refused");
            sender.transport.close();
            assertThatThrownBy(() ->
                            sender.transport
                                    .introduce(nobody, new Packet.TagsRequest(sender.boot()))
                                    .get(30, TimeUnit.SECONDS))
                    .hasMessageContaining("gossip is closed");
        }
    }

    /** As when the other machine has vanished: nothing is taken, and nothing says so. */
    @Test
    void connectionThatIsStuckIsLeftBehindByAnIntroduction() throws Exception {
        try (Post sender = Post.of("C");
                ServerSocket mute = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            HostPort address = new HostPort("127.0.0.1", mute.getLocalPort());
            Packet large = new Packet.TagsAnswer(sender.boot(), new byte[4096]);
            CompletableFuture<Void> last = sender.transport.introduce(address, large);
            try (Socket first = Post.greeted(mute)) {
                while (isTakenSoon(last)) {
                    last =
                            sender.transport
                                    .send(address.toString(), message(sender, large))
                                    .toFuture();
                }
                AtomicBoolean heard = new AtomicBoolean();
                Thread again = Thread.ofVirtual().start(() -> heard.set(isHeardAgain(mute)));
                Post.await(
                        "an introduction on another connection",
                        () -> {
                            var _ = sender.transport.introduce(address, large);
                            return heard.get();
                        });
                again.join();
                assertThat(first.isClosed()).isFalse();
            }
        }
    }

    private static boolean isTakenSoon(CompletableFuture<Void> sent) throws Exception {
        try {
            sent.get(500, TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        }
    }

    private static boolean isHeardAgain(ServerSocket mute) {
        try (Socket second = Post.greeted(mute)) {
            return Frames.read(new DataInputStream(second.getInputStream())).length > 4096;
        } catch (IOException e) {
            return false;
        }
    }

    private static Message message(Post sender, Packet packet) {
        return LibraryMessages.message(new Letter("C", sender.address(), "", packet));
    }
}
