package io.mlog.broker.net;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.mlog.broker.metrics.Metrics;
import io.mlog.broker.metrics.RequestMetrics;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.concurrent.MockTicker;
import io.netty.util.concurrent.Ticker;
import java.util.ArrayList;
import java.util.List;

/**
 * Connections as a listener has them, but without sockets and threads: time passes when the test
 * says so, and nothing happens meanwhile unless it is due.
 */
final class HandMovedConnections implements AutoCloseable {
    final FakeServices services = new FakeServices();
    private final MockTicker clock = Ticker.newMockTicker();
    private final Household household;
    private final List<Line> lines = new ArrayList<>();

    private HandMovedConnections(ConnectionLimits limits) {
        Reception reception = ListenerFixture.reception(new Metrics(), new RequestMetrics());
        household = Household.of(limits, reception, clock::nanoTime);
    }

    static HandMovedConnections starting(ConnectionLimits limits) {
        return new HandMovedConnections(limits);
    }

    static HandMovedConnections serving(ConnectionLimits limits) {
        HandMovedConnections connections = starting(limits);
        connections.becomeReady();
        connections.resume();
        return connections;
    }

    /** The first half of {@link Listener#serve}: whoever looks may take requests. */
    void becomeReady() {
        household.gate().open(new Serving(services::json, services::kafka));
    }

    /** The second half: all look. */
    void resume() {
        household.connections().forEach(Connection::resume);
        lines.forEach(line -> line.channel.runPendingTasks());
    }

    /** The connections are told to end; each hears of it when it {@linkplain #pass runs} next. */
    void end() {
        household.connections().end();
    }

    /** So much time passes at once, as for a loop that was busy, and then all do what is due. */
    void pass(long ms) {
        clock.advanceMillis(ms);
        lines.forEach(line -> line.channel.runPendingTasks());
    }

    long closedFor(CloseReason reason) {
        return household.metrics().closed(reason).sum();
    }

    Line connect() {
        EmbeddedChannel channel =
                EmbeddedChannel.builder().handlers(new Intake(household)).ticker(clock).build();
        Line line = new Line(channel);
        lines.add(line);
        return line;
    }

    @Override
    public void close() {
        lines.forEach(line -> line.channel.finishAndReleaseAll());
    }

    /** One of them, from its peer's side. */
    static final class Line {
        private final EmbeddedChannel channel;
        private final ByteBuf received = Unpooled.buffer();

        private Line(EmbeddedChannel channel) {
            this.channel = channel;
        }

        void send(byte... bytes) {
            channel.writeInbound(Unpooled.copiedBuffer(bytes));
        }

        void sendFrame(String payload) {
            send(Peer.framed(payload.getBytes(UTF_8)));
        }

        void sendKafka(String text) {
            send(Peer.framed(FakeServices.kafkaRequest(text)));
        }

        boolean isOpen() {
            return channel.isOpen();
        }

        /** What was answered since the last call, whole frames only, one after the other. */
        String answers() {
            channel.runPendingTasks();
            for (ByteBuf piece = channel.readOutbound();
                    piece != null;
                    piece = channel.readOutbound()) {
                received.writeBytes(piece);
                piece.release();
            }
            StringBuilder answers = new StringBuilder();
            while (received.readableBytes() >= Integer.BYTES
                    && received.getInt(received.readerIndex())
                            <= received.readableBytes() - Integer.BYTES) {
                answers.append(received.readString(received.readInt(), UTF_8));
            }
            return answers.toString();
        }
    }
}
