package io.mlog.broker.life;

import io.mlog.model.ErrorCode;
import io.mlog.model.HostPort;
import io.mlog.model.MlogException;
import io.mlog.protocol.ErrorResponse;
import io.mlog.protocol.Frame;
import io.mlog.protocol.RequestCodec;
import io.mlog.protocol.ResponseCodec;
import io.mlog.protocol.RpcRequest;
import io.mlog.protocol.RpcResponse;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;

/**
 * Asks other brokers something over their JSON RPC: one request on a connection of its own, on a
 * virtual thread of its own. For questions that are asked seldom; at most {@value #MOST} at a time.
 */
public final class PeerCalls {
    private static final int MOST = 256;
    private static final int CONNECT_MS = 1000;
    private static final int MAX_RESPONSE_BYTES = 1 << 20;
    private static final long ID = 1;

    private final Semaphore free = new Semaphore(MOST);

    /** Calls from any thread. */
    public PeerCalls() {}

    /**
     * Asks the broker at {@code address}.
     *
     * @param timeoutMs for the whole call, 1 or more
     * @return fails with {@link MlogException}: as the broker refused, or REQUEST_TIMED_OUT when it
     *     was not reached or did not answer in time, or NOT_READY when too many calls are under way
     */
    public <R extends RpcResponse> CompletableFuture<R> ask(
            HostPort address, RpcRequest<R> request, int timeoutMs) {
        CompletableFuture<R> answer = new CompletableFuture<>();
        if (!free.tryAcquire()) {
            answer.completeExceptionally(
                    new MlogException(
                            ErrorCode.NOT_READY, MOST + " calls to other brokers wait already"));
            return answer;
        }
        Thread.ofVirtual()
                .name("mlog-peer-call")
                .start(() -> {
                    try {
                        answer.complete(exchange(address, request, timeoutMs));
                    } catch (IOException e) {
                        answer.completeExceptionally(notAnswered(address, request, e));
                    } catch (RuntimeException e) {
                        answer.completeExceptionally(e);
                    } finally {
                        free.release();
                    }
                });
        return answer;
    }

    private static <R extends RpcResponse> R exchange(
            HostPort address, RpcRequest<R> request, int timeoutMs) throws IOException {
        ByteArrayOutputStream payload = new ByteArrayOutputStream();
        RequestCodec.encode(ID, request, payload);
        try (Socket socket = new Socket()) {
            socket.connect(
                    new InetSocketAddress(address.host(), address.port()),
                    Math.min(CONNECT_MS, timeoutMs));
            socket.setSoTimeout(timeoutMs);
            socket.setTcpNoDelay(true);
            byte[] frame =
                    ByteBuffer.allocate(Frame.LENGTH_BYTES + payload.size())
                            .putInt(payload.size())
                            .put(payload.toByteArray())
                            .array();
            socket.getOutputStream().write(frame);
            DataInputStream in = new DataInputStream(socket.getInputStream());
            byte[] response = new byte[Frame.checkLength(in.readInt(), MAX_RESPONSE_BYTES)];
            in.readFully(response);
            return answer(address, request, ResponseCodec.decode(response).response());
        }
    }

    private static <R extends RpcResponse> R answer(
            HostPort address, RpcRequest<R> request, RpcResponse response) {
        if (response instanceof ErrorResponse error) {
            throw new MlogException(error.code(), address + ": " + error.message());
        }
        if (!request.responseType().isInstance(response)) {
            throw new MlogException(
                    ErrorCode.UNKNOWN_SERVER_ERROR,
                    address + " answered " + request.type() + " with " + response.type());
        }
        return request.responseType().cast(response);
    }

    private static MlogException notAnswered(
            HostPort address, RpcRequest<?> request, IOException e) {
        return new MlogException(
                ErrorCode.REQUEST_TIMED_OUT,
                "%s was not answered by %s: %s"
                        .formatted(
                                request.type(),
                                address,
                                e instanceof SocketTimeoutException
                                        ? "no answer in time"
                                        : String.valueOf(e.getMessage())));
    }
}
