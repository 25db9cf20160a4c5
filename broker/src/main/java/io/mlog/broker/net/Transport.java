package io.mlog.broker.net;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;

/**
 * The event loops and the kinds of sockets that go with them.
 *
 * @param name {@code epoll} or {@code nio}, for the log
 */
record Transport(
        String name,
        EventLoopGroup loops,
        Class<? extends ServerChannel> serverChannel,
        Class<? extends SocketChannel> clientChannel) {
    private static final String LISTENING = "mlog-net";

    /** Epoll where the platform has it, else NIO. Starts no thread yet. */
    static Transport best(int eventLoops) {
        return best(eventLoops, LISTENING);
    }

    /** The same with threads of another name. */
    static Transport best(int eventLoops, String threadName) {
        return Epoll.isAvailable()
                ? new Transport(
                        "epoll",
                        new MultiThreadIoEventLoopGroup(
                                eventLoops,
                                new DefaultThreadFactory(threadName, true),
                                EpollIoHandler.newFactory()),
                        EpollServerSocketChannel.class,
                        EpollSocketChannel.class)
                : nio(eventLoops, threadName);
    }

    /** Java's own selector. */
    static Transport nio(int eventLoops) {
        return nio(eventLoops, LISTENING);
    }

    private static Transport nio(int eventLoops, String threadName) {
        return new Transport(
                "nio",
                new MultiThreadIoEventLoopGroup(
                        eventLoops,
                        new DefaultThreadFactory(threadName, true),
                        NioIoHandler.newFactory()),
                NioServerSocketChannel.class,
                NioSocketChannel.class);
    }
}
