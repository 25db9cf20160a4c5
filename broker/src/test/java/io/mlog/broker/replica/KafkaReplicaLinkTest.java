package io.mlog.broker.replica;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlog.broker.net.Eventually;
import io.mlog.broker.net.Leaks;
import io.mlog.broker.net.PeerLines;
import io.mlog.model.ErrorCode;
import io.mlog.model.HostPort;
import io.mlog.model.TopicId;
import io.mlog.model.TopicIdPartition;
import io.mlog.services.LeaderAnswer;
import io.mlog.services.ReplicaAsk;
import io.mlog.services.ReplicaFetchCommand;
import io.mlog.services.ReplicaIdentity;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The link against peers that answer, reset, stall, and send what is no answer. */
@ExtendWith(Leaks.class)
final class KafkaReplicaLinkTest {
    private static final int MAX_FRAME_BYTES = 8 << 20;
    private static final long GRACE_MS = 100;
    private static final TopicIdPartition ORDERS = new TopicIdPartition(new TopicId(1, 2), 0);

    /** A link whose time stands still never gives up: time passes where a test says so. */
    private final AtomicLong stoppedNanos = new AtomicLong();

    private final AtomicInteger looks = new AtomicInteger();
    private final ScriptedPeer peer = new ScriptedPeer();
    private final PeerLines lines =
            PeerLines.start(1, "test-replica", MAX_FRAME_BYTES, stoppedNanos::get);
    private final BlockingQueue<FetchOutcome> outcomes = new LinkedBlockingQueue<>();
    private final BlockingQueue<String> threads = new LinkedBlockingQueue<>();
    private final ReplicaLink link = link(peer.port());

    KafkaReplicaLinkTest() throws IOException {}

    @AfterEach
    void close() throws IOException {
        lines.close();
        peer.close();
    }

    @Test
    void askAndAnswerTravelInOneConnection() throws Exception {
        fetch(1);
        peer.accept();
        ByteBuffer first = peer.readFrame();
        assertThat(first.getShort(0)).as("API key of Fetch").isEqualTo((short) 1);
        peer.sendFrame(answer(first, 5));
        assertThat(answered().sessionId()).isEqualTo(5);

        fetch(2);
        peer.sendFrame(answer(peer.readFrame(), 6));
        assertThat(answered().sessionId()).isEqualTo(6);
        assertThat(threads).allMatch(name -> name.startsWith("test-replica"));
    }

    @Test
    void severalRequestsAreOutAtATimeAndAnsweredInTheirOrder() throws Exception {
        for (int epoch = 1; epoch <= 8; epoch++) {
            fetch(epoch);
        }
        peer.accept();
        for (int epoch = 1; epoch <= 8; epoch++) {
            peer.sendFrame(answer(peer.readFrame(), epoch));
        }
        for (int epoch = 1; epoch <= 8; epoch++) {
            assertThat(answered().sessionId()).isEqualTo(epoch);
        }
    }

    @Test
    void aLargeAnswerComesWholeAndItsMemoryIsGivenBack() throws Exception {
        fetch(1);
        peer.accept();
        ByteBuffer request = peer.readFrame();
        peer.sendFrame(answer(request, 5, 5 << 20));
        assertThat(answered().entries())
                .singleElement()
                .satisfies(entry -> assertThat(entry.partition()).isEqualTo(ORDERS));
        fetch(2); // the memory of a frame is given back when the next one begins
        peer.sendFrame(answer(peer.readFrame(), 6));
        answered();
        Eventually.holds("no memory is held", () -> lines.heldBytes() == 0);
    }

    @Test
    void aResetLosesEveryRequestAndTheNextOneConnectsAgain() throws Exception {
        fetch(1);
        fetch(2);
        peer.accept();
        peer.readFrame();
        peer.reset();
        assertThat(lost().cause()).isEqualTo(FetchOutcome.Cause.UNREACHABLE);
        assertThat(lost().cause()).isEqualTo(FetchOutcome.Cause.UNREACHABLE);

        fetch(3);
        peer.accept();
        peer.sendFrame(answer(peer.readFrame(), 7));
        assertThat(answered().sessionId()).isEqualTo(7);
    }

    @Test
    void aConnectionThatIsClosedIsLostAsWell() throws Exception {
        fetch(1);
        peer.accept();
        peer.readFrame();
        peer.closeConnection();
        assertThat(lost())
                .satisfies(
                        lost -> assertThat(lost.cause()).isEqualTo(FetchOutcome.Cause.UNREACHABLE))
                .satisfies(lost -> assertThat(lost.reason()).contains("closed"));
    }

    @Test
    void aPortThatRefusesIsLost() throws Exception {
        peer.stopListening();
        fetch(1);
        assertThat(lost().cause()).isEqualTo(FetchOutcome.Cause.UNREACHABLE);
        fetch(2);
        assertThat(lost().reason()).contains("refused");
    }

    @Test
    void aHostThatNobodyKnowsIsLost() throws Exception {
        ReplicaLink nowhere =
                new KafkaReplicaTransport(lines, System::nanoTime, 10_000)
                        .link(new BrokerEndpoint(1, new HostPort("nowhere.invalid", 9094)));
        fetch(nowhere, 1);
        assertThat(lost())
                .satisfies(
                        lost -> assertThat(lost.cause()).isEqualTo(FetchOutcome.Cause.UNREACHABLE))
                .satisfies(lost -> assertThat(lost.reason()).contains("nowhere.invalid"));
    }

    @Test
    void aLeaderThatStallsIsGivenUp() throws Exception {
        fetch(1);
        fetch(2);
        peer.accept();
        peer.readFrame();
        peer.readFrame();
        pass(GRACE_MS);
        assertThat(lost().cause()).isEqualTo(FetchOutcome.Cause.SILENT);
        assertThat(lost().cause()).isEqualTo(FetchOutcome.Cause.SILENT);
        assertThat(peer.isEnded()).isTrue();

        fetch(3);
        peer.accept();
        peer.sendFrame(answer(peer.readFrame(), 7));
        assertThat(answered().sessionId()).isEqualTo(7);
    }

    @Test
    void aLeaderThatStallsInTheMiddleOfAnAnswerIsGivenUp() throws Exception {
        fetch(1);
        peer.accept();
        peer.readFrame();
        peer.send((byte) 0, (byte) 0, (byte) 1, (byte) 0, (byte) 7);
        Eventually.holds("it has begun", () -> lines.heldBytes() > 0);
        awaitLoop();
        pass(GRACE_MS);
        assertThat(lost().cause()).isEqualTo(FetchOutcome.Cause.SILENT);
        Eventually.holds("no memory is held", () -> lines.heldBytes() == 0);
    }

    @Test
    void aSlowAnswerIsWaitedForAsLongAsBytesCome() throws Exception {
        fetch(1);
        peer.accept();
        ByteBuffer whole = answer(peer.readFrame(), 5, 300);
        peer.send((byte) 0, (byte) 0, (byte) (whole.remaining() >> 8), (byte) whole.remaining());
        int sent = 0;
        for (int round = 0; round < 3; round++) {
            pass(GRACE_MS - 10);
            int before = looks.get();
            peer.send(whole.get(sent++));
            Eventually.holds("the link has looked", () -> looks.get() > before);
        }
        assertThat(outcomes).isEmpty();
        byte[] rest = new byte[whole.remaining() - sent];
        whole.get(sent, rest);
        peer.send(rest);
        assertThat(answered().sessionId()).isEqualTo(5);
    }

    @Test
    void anAnswerToAnotherRequestIsRefused() throws Exception {
        fetch(1);
        peer.accept();
        ByteBuffer request = peer.readFrame();
        ByteBuffer wrong = answer(request, 5).putInt(0, 4711);
        peer.sendFrame(wrong);
        assertThat(lost())
                .satisfies(lost -> assertThat(lost.cause()).isEqualTo(FetchOutcome.Cause.MALFORMED))
                .satisfies(lost -> assertThat(lost.reason()).contains("4711"));
        assertThat(peer.isEnded()).isTrue();
    }

    @Test
    void garbageIsRefused() throws Exception {
        fetch(1);
        peer.accept();
        ByteBuffer request = peer.readFrame();
        ByteBuffer garbage = ByteBuffer.allocate(60).putInt(request.getInt(4));
        while (garbage.hasRemaining()) {
            garbage.put((byte) 0xff);
        }
        peer.sendFrame(garbage.flip());
        assertThat(lost().cause()).isEqualTo(FetchOutcome.Cause.MALFORMED);
        assertThat(peer.isEnded()).isTrue();
    }

    @Test
    void aGiantFrameIsRefusedBeforeMemoryIsTakenForIt() throws Exception {
        fetch(1);
        peer.accept();
        peer.readFrame();
        peer.send((byte) 0x7f, (byte) 0xff, (byte) 0xff, (byte) 0xff);
        assertThat(lost())
                .satisfies(lost -> assertThat(lost.cause()).isEqualTo(FetchOutcome.Cause.MALFORMED))
                .satisfies(lost ->
                        assertThat(lost.reason()).contains(Integer.toString(MAX_FRAME_BYTES)));
        assertThat(lines.heldBytes()).isZero();
    }

    @Test
    void anAnnouncedFrameTakesMemoryOnlyAsItArrives() throws Exception {
        fetch(1);
        peer.accept();
        peer.readFrame();
        int length = MAX_FRAME_BYTES - 1;
        peer.send(
                (byte) (length >> 24), (byte) (length >> 16), (byte) (length >> 8), (byte) length);
        peer.send(new byte[1000]);
        Eventually.holds("it has begun", () -> lines.heldBytes() > 0);
        assertThat(lines.heldBytes()).isLessThan(100_000);
        peer.closeConnection();
        assertThat(lost().cause()).isEqualTo(FetchOutcome.Cause.UNREACHABLE);
        Eventually.holds("no memory is held", () -> lines.heldBytes() == 0);
    }

    @Test
    void afterTheEndNobodyIsCalled() throws Exception {
        fetch(1);
        peer.accept();
        ByteBuffer request = peer.readFrame();
        link.execute(link::close);
        assertThat(peer.isEnded()).isTrue();
        try {
            peer.sendFrame(answer(request, 5));
        } catch (IOException closed) {
            assertThat(closed).isNotNull();
        }
        awaitLoop();
        assertThat(outcomes).isEmpty();
    }

    private ReplicaLink link(int port) {
        return new KafkaReplicaTransport(lines, this::look, GRACE_MS)
                .link(new BrokerEndpoint(1, new HostPort("127.0.0.1", port)));
    }

    private long look() {
        looks.incrementAndGet();
        return stoppedNanos.get();
    }

    /** Until the link's owner has done what it was about. */
    private void awaitLoop() throws Exception {
        CompletableFuture<Void> done = new CompletableFuture<>();
        link.execute(() -> done.complete(null));
        done.get(15, TimeUnit.SECONDS);
    }

    private void pass(long ms) {
        stoppedNanos.addAndGet(TimeUnit.MILLISECONDS.toNanos(ms));
    }

    private void fetch(int epoch) {
        fetch(link, epoch);
    }

    private void fetch(ReplicaLink over, int epoch) {
        ReplicaFetchCommand command =
                new ReplicaFetchCommand(
                        new ReplicaIdentity(3, 1234),
                        9,
                        epoch,
                        0,
                        1 << 20,
                        List.of(new ReplicaAsk(ORDERS, 5, 100, 4, 0, 1 << 20)));
        over.execute(() ->
                over.fetch(
                        command,
                        outcome -> {
                            threads.add(Thread.currentThread().getName());
                            outcomes.add(outcome);
                        }));
    }

    private LeaderAnswer answered() throws InterruptedException {
        FetchOutcome outcome = outcomes.poll(15, TimeUnit.SECONDS);
        assertThat(outcome).isInstanceOf(FetchOutcome.Answered.class);
        LeaderAnswer answer = ((FetchOutcome.Answered) outcome).answer();
        assertThat(answer.error()).isEqualTo(ErrorCode.NONE);
        return answer;
    }

    private FetchOutcome.Lost lost() throws InterruptedException {
        FetchOutcome outcome = outcomes.poll(15, TimeUnit.SECONDS);
        assertThat(outcome).isInstanceOf(FetchOutcome.Lost.class);
        return (FetchOutcome.Lost) outcome;
    }

    private static ByteBuffer answer(ByteBuffer request, int sessionId) {
        return answer(request, sessionId, 0);
    }

    /**
     * A Fetch answer of version 17 by the byte: header, throttle, error, session, and with records
     * one topic with one partition.
     */
    private static ByteBuffer answer(ByteBuffer request, int sessionId, int recordBytes) {
        ByteBuffer answer = ByteBuffer.allocate(200 + recordBytes);
        answer.putInt(request.getInt(4)).put((byte) 0);
        answer.putInt(0).putShort((short) 0).putInt(sessionId);
        if (recordBytes == 0) {
            return answer.put((byte) 1).put((byte) 0).flip();
        }
        answer.put((byte) 2).putLong(1).putLong(2);
        answer.put((byte) 2).putInt(0).putShort((short) 0).putLong(7).putLong(7).putLong(0);
        answer.put((byte) 0).putInt(-1);
        for (int left = recordBytes + 1; ; left >>>= 7) {
            if (left < 0x80) {
                answer.put((byte) left);
                break;
            }
            answer.put((byte) ((left & 0x7f) | 0x80));
        }
        answer.position(answer.position() + recordBytes);
        return answer.put((byte) 0).put((byte) 0).put((byte) 0).flip();
    }
}
