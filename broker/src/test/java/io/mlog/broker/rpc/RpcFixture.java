package io.mlog.broker.rpc;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.mlog.broker.metrics.Metrics;
import io.mlog.broker.metrics.RequestMetrics;
import io.mlog.broker.net.ConnectionLimits;
import io.mlog.broker.net.ListenAddress;
import io.mlog.broker.net.Listener;
import io.mlog.broker.net.Peer;
import io.mlog.broker.net.Reception;
import io.mlog.broker.net.Serving;
import io.mlog.kafka.KafkaReply;
import io.mlog.model.HostPort;
import io.mlog.protocol.RequestCodec;
import io.mlog.protocol.ResponseCodec;
import io.mlog.protocol.RpcRequest;
import io.mlog.protocol.RpcResponse;
import io.mlog.services.WaitingFetch;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.OptionalLong;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;

/** The JSON RPC on a free port over a {@link FakeBroker}, and one client of it. */
final class RpcFixture implements AutoCloseable {
    static final long NOW_MS = 1_764_000_000_000L;

    final FakeBroker broker = new FakeBroker();
    final RequestMetrics requests = new RequestMetrics();

    /** Work that was handed over by the event loop and is done when the test says so. */
    final LinkedBlockingQueue<Runnable> handedOver = new LinkedBlockingQueue<>();

    final Listener listener;
    final Peer peer;
    private long lastId;

    private RpcFixture() throws IOException {
        listener =
                Listener.bind(
                        new ListenAddress(new HostPort("127.0.0.1", 0), "--rpc-port"),
                        1,
                        ConnectionLimits.DEFAULT,
                        new Reception(
                                new NotReadyRpc(() -> "recovering 3 of 10 logs", requests),
                                _ -> {},
                                new Metrics(),
                                requests));
        peer = Peer.connect(listener.port());
    }

    static RpcFixture starting() throws IOException {
        return new RpcFixture();
    }

    static RpcFixture serving() throws IOException {
        RpcFixture fixture = new RpcFixture();
        return fixture.serve(Runnable::run);
    }

    /** One whose compressed batches wait in {@link #handedOver}. */
    static RpcFixture servingWithHandOvers() throws IOException {
        RpcFixture fixture = new RpcFixture();
        return fixture.serve(fixture.handedOver::add);
    }

    private RpcFixture serve(Executor workers) {
        JsonRpc rpc =
                new JsonRpc(
                        broker.services(),
                        RpcLimits.DEFAULTS,
                        InstantSource.fixed(Instant.ofEpochMilli(NOW_MS)),
                        requests,
                        workers);
        listener.serve(
                new Serving(
                        rpc,
                        (_, _, reply) -> {
                            reply.accept(new KafkaReply.Close("Kafka", "not here"));
                            return WaitingFetch.NOT_WAITING;
                        }));
        return this;
    }

    /** Sends a request and returns its id. */
    long send(RpcRequest<?> request) throws IOException {
        ByteArrayOutputStream payload = new ByteArrayOutputStream();
        RequestCodec.encode(++lastId, request, payload);
        peer.sendFrame(payload.toByteArray());
        return lastId;
    }

    /** The next response, whichever request it belongs to. */
    ResponseCodec.Decoded receive() throws IOException {
        return ResponseCodec.decode(peer.readFrame());
    }

    /** Sends a request and returns the response, which must be its own. */
    RpcResponse call(RpcRequest<?> request) throws IOException {
        long id = send(request);
        ResponseCodec.Decoded response = receive();
        assertThat(response.id()).isEqualTo(OptionalLong.of(id));
        return response.response();
    }

    /** Sends a payload as it is and returns the answer as it is. */
    String callText(String payload) throws IOException {
        peer.sendFrame(payload.getBytes(UTF_8));
        return peer.readTextFrame();
    }

    @Override
    public void close() throws IOException {
        peer.close();
        listener.close();
        assertThat(broker.slicesOut).as("slices not given back").hasValue(0);
    }
}
