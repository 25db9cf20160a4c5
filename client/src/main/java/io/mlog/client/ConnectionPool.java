package io.mlog.client;

import io.mlog.model.HostPort;
import io.mlog.protocol.Frame;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.LengthFieldBasedFrameDecoder;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * One connection to each node that is talked to, opened when it is needed and closed when it was
 * idle for long. Owned by the event loop.
 *
 * <p>At the bound on connections the one that was idle for longest makes room; when none is idle,
 * the attempt fails. Names are resolved by the JDK on the loop.
 */
final class ConnectionPool {
    private final EventLoop loop;
    private final ConnectionConfig config;
    private final LongSupplier clock;
    private final Map<HostPort, RpcConnection> open = new HashMap<>();
    private final Map<HostPort, List<CompletableFuture<RpcConnection>>> connecting =
            new HashMap<>();
    private boolean closed;

    ConnectionPool(EventLoop loop, ConnectionConfig config, LongSupplier clock) {
        this.loop = loop;
        this.clock = clock;
        this.config = config;
        long checkMs = Math.max(1, config.idleTimeout().toMillis() / 2);
        loop.scheduleWithFixedDelay(this::closeIdle, checkMs, checkMs, TimeUnit.MILLISECONDS);
    }

    /**
     * A usable connection; fails with {@link AttemptFailedException}. Those who wait for the same
     * connection get it in the order in which they asked.
     */
    CompletableFuture<RpcConnection> connection(HostPort address) {
        assert loop.inEventLoop();
        RpcConnection present = open.get(address);
        if (present != null && present.isOpen()) {
            return CompletableFuture.completedFuture(present);
        }
        Optional<String> refusal = connecting.containsKey(address) ? Optional.empty() : refusal();
        if (refusal.isPresent()) {
            return CompletableFuture.failedFuture(new AttemptFailedException(refusal.get(), false));
        }
        CompletableFuture<RpcConnection> wanted = new CompletableFuture<>();
        List<CompletableFuture<RpcConnection>> underWay = connecting.get(address);
        if (underWay == null) {
            connecting.put(address, new ArrayList<>(List.of(wanted)));
            connect(address);
        } else {
            underWay.add(wanted);
        }
        return wanted;
    }

    /** How many connections there are. */
    int size() {
        return open.size() + connecting.size();
    }

    /** Closes every connection and opens no more. */
    void close() {
        assert loop.inEventLoop();
        closed = true;
        for (RpcConnection connection : List.copyOf(open.values())) {
            connection.close("this client was closed");
        }
    }

    private Optional<String> refusal() {
        if (closed) {
            return Optional.of("this client was closed");
        }
        if (size() >= config.maxConnections() && !closeLongestIdle()) {
            return Optional.of("all " + config.maxConnections() + " connections are busy");
        }
        return Optional.empty();
    }

    private boolean closeLongestIdle() {
        Optional<RpcConnection> longest =
                open.values().stream()
                        .filter(RpcConnection::isIdle)
                        .min(Comparator.comparingLong(RpcConnection::lastUsedNanos));
        longest.ifPresent(connection -> remove(connection, "another connection needs the room"));
        return longest.isPresent();
    }

    private void closeIdle() {
        long before = clock.getAsLong() - config.idleTimeout().toNanos();
        for (RpcConnection connection : List.copyOf(open.values())) {
            if (connection.isIdle() && connection.lastUsedNanos() - before < 0) {
                remove(connection, "it was idle");
            }
        }
    }

    private void remove(RpcConnection connection, String why) {
        open.remove(connection.address(), connection);
        connection.close(why);
    }

    private void connect(HostPort address) {
        bootstrap(address)
                .connect(InetSocketAddress.createUnresolved(address.host(), address.port()))
                .addListener((ChannelFuture connected) -> connected(address, connected));
    }

    private void connected(HostPort address, ChannelFuture result) {
        List<CompletableFuture<RpcConnection>> waiting =
                Objects.requireNonNull(connecting.remove(address));
        if (result.isSuccess()) {
            RpcConnection connection = result.channel().pipeline().get(RpcConnection.class);
            adopt(connection, result.channel());
            waiting.forEach(each -> each.complete(connection));
        } else {
            AttemptFailedException failure =
                    new AttemptFailedException(
                            "cannot connect to %s (%s)"
                                    .formatted(address, result.cause().getMessage()),
                            false);
            waiting.forEach(each -> each.completeExceptionally(failure));
        }
    }

    private void adopt(RpcConnection connection, Channel channel) {
        open.put(connection.address(), connection);
        channel.closeFuture().addListener(ended -> open.remove(connection.address(), connection));
        if (closed) {
            connection.close("this client was closed");
        }
    }

    private Bootstrap bootstrap(HostPort address) {
        return new Bootstrap()
                .group(loop)
                .channel(NioSocketChannel.class)
                .option(
                        ChannelOption.CONNECT_TIMEOUT_MILLIS,
                        Math.toIntExact(config.connectTimeout().toMillis()))
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.SO_KEEPALIVE, true)
                .handler(
                        new ChannelInitializer<Channel>() {
                            @Override
                            protected void initChannel(Channel channel) {
                                channel.pipeline()
                                        .addLast(
                                                new LengthFieldBasedFrameDecoder(
                                                        config.maxFrameBytes() + Frame.LENGTH_BYTES,
                                                        0,
                                                        Frame.LENGTH_BYTES,
                                                        0,
                                                        Frame.LENGTH_BYTES))
                                        .addLast(
                                                new RpcConnection(
                                                        address,
                                                        channel,
                                                        config.maxInFlight(),
                                                        config.maxFrameBytes(),
                                                        clock));
                            }
                        });
    }
}
