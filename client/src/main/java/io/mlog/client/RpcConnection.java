package io.mlog.client;

import io.mlog.model.ErrorCode;
import io.mlog.model.HostPort;
import io.mlog.model.MlogException;
import io.mlog.protocol.ErrorResponse;
import io.mlog.protocol.Frame;
import io.mlog.protocol.RequestCodec;
import io.mlog.protocol.ResponseCodec;
import io.mlog.protocol.RpcRequest;
import io.mlog.protocol.RpcResponse;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufOutputStream;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.util.concurrent.ScheduledFuture;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * A connection to one node, with any number of requests on their way: replies find their request by
 * its id, in whatever order they come. Owned by its event loop.
 *
 * <p>Every request ends exactly once: with its reply, with the end of the connection, or when its
 * time is up (a reply that comes later is dropped). It does not reconnect and does not retry.
 */
final class RpcConnection extends SimpleChannelInboundHandler<ByteBuf> {
    private final HostPort address;
    private final Channel channel;
    private final int maxInFlight;
    private final int maxFrameBytes;
    private final LongSupplier clock;
    private final Map<Long, Call> calls = new HashMap<>();
    private long nextId = 1;
    private long lastUsedNanos;
    private String end = "the connection was closed";

    RpcConnection(
            HostPort address,
            Channel channel,
            int maxInFlight,
            int maxFrameBytes,
            LongSupplier clock) {
        this.address = address;
        this.channel = channel;
        this.maxInFlight = maxInFlight;
        this.maxFrameBytes = maxFrameBytes;
        this.clock = clock;
        this.lastUsedNanos = clock.getAsLong();
    }

    private record Call(CompletableFuture<RpcResponse> reply, ScheduledFuture<?> timer) {}

    HostPort address() {
        return address;
    }

    boolean isOpen() {
        return channel.isActive();
    }

    boolean isIdle() {
        return calls.isEmpty();
    }

    long lastUsedNanos() {
        return lastUsedNanos;
    }

    /**
     * Sends a request and waits for its reply, at most {@code timeoutMs}.
     *
     * @return the reply, an {@link ErrorResponse} included; fails with {@link
     *     AttemptFailedException}, or with {@link MlogException} when the request cannot be sent at
     *     all
     */
    CompletableFuture<RpcResponse> call(RpcRequest<?> request, long timeoutMs) {
        assert channel.eventLoop().inEventLoop();
        if (calls.size() >= maxInFlight) {
            return CompletableFuture.failedFuture(
                    new AttemptFailedException(
                            maxInFlight + " requests are unanswered by " + address, false));
        }
        long id = nextId++;
        ByteBuf frame;
        try {
            frame = frame(id, request);
        } catch (MlogException e) {
            return CompletableFuture.failedFuture(e);
        }
        CompletableFuture<RpcResponse> reply = new CompletableFuture<>();
        calls.put(
                id,
                new Call(
                        reply,
                        channel.eventLoop()
                                .schedule(
                                        () -> expire(id, request.type(), timeoutMs),
                                        timeoutMs,
                                        TimeUnit.MILLISECONDS)));
        lastUsedNanos = clock.getAsLong();
        channel.writeAndFlush(frame)
                .addListener(written -> {
                    if (!written.isSuccess()) {
                        fail(id, new AttemptFailedException(lost(written.cause()), true));
                    }
                });
        return reply;
    }

    /**
     * Sends a request that has no reply.
     *
     * @return done when it is handed to the network; fails like {@link #call}
     */
    CompletableFuture<Boolean> tell(RpcRequest<?> request) {
        assert channel.eventLoop().inEventLoop();
        CompletableFuture<Boolean> told = new CompletableFuture<>();
        lastUsedNanos = clock.getAsLong();
        try {
            channel.writeAndFlush(frame(nextId++, request))
                    .addListener(written -> {
                        if (written.isSuccess()) {
                            told.complete(true);
                        } else {
                            told.completeExceptionally(
                                    new AttemptFailedException(lost(written.cause()), true));
                        }
                    });
        } catch (MlogException e) {
            told.completeExceptionally(e);
        }
        return told;
    }

    void close(String why) {
        assert channel.eventLoop().inEventLoop();
        end = why;
        channel.close();
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, ByteBuf payload) {
        ResponseCodec.Decoded decoded = ResponseCodec.decode(ByteBufUtil.getBytes(payload));
        if (decoded.id().isEmpty()) {
            close(address + " could not read a request: " + decoded.response());
            return;
        }
        Call call = calls.remove(decoded.id().getAsLong());
        if (call != null) {
            call.timer().cancel(false);
            lastUsedNanos = clock.getAsLong();
            call.reply().complete(decoded.response());
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        Map<Long, Call> lost = new HashMap<>(calls);
        calls.clear();
        for (Call call : lost.values()) {
            call.timer().cancel(false);
            call.reply()
                    .completeExceptionally(
                            new AttemptFailedException(
                                    "the connection to " + address + " ended: " + end, true));
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        close(String.valueOf(cause.getMessage()));
    }

    private void expire(long id, String type, long timeoutMs) {
        fail(
                id,
                new AttemptFailedException(
                        address + " did not answer " + type + " within " + timeoutMs + " ms",
                        true));
    }

    private void fail(long id, AttemptFailedException failure) {
        Call call = calls.remove(id);
        if (call != null) {
            call.timer().cancel(false);
            call.reply().completeExceptionally(failure);
        }
    }

    private String lost(Throwable cause) {
        return "the connection to " + address + " ended: " + cause.getMessage();
    }

    private ByteBuf frame(long id, RpcRequest<?> request) {
        ByteBuf frame = channel.alloc().buffer();
        try (ByteBufOutputStream out = new ByteBufOutputStream(frame)) {
            frame.writeZero(Frame.LENGTH_BYTES);
            RequestCodec.encode(id, request, out);
        } catch (IOException e) {
            frame.release();
            throw new IllegalStateException("writing to memory cannot fail", e);
        }
        int length = frame.readableBytes() - Frame.LENGTH_BYTES;
        if (length > maxFrameBytes) {
            frame.release();
            throw new MlogException(
                    ErrorCode.RECORD_LIST_TOO_LARGE,
                    "a %s of %d bytes is larger than a frame may be (%d bytes): send less at once"
                            .formatted(request.type(), length, maxFrameBytes));
        }
        return frame.setInt(frame.readerIndex(), length);
    }
}
