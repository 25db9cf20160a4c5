package io.mlog.broker.net;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;

/**
 * The event loops and the kind of socket that goes with them.
 *
 * @param name {@code epoll} or {@code nio}, for the log
 */
record Transport(String name, EventLoopGroup loops, Class<? extends ServerChannel> serverChannel) {
    /** Epoll where the platform has it, else NIO. Starts no thread yet. */
    static Transport best(int eventLoops) {
        DefaultThreadFactory threads = new DefaultThreadFactory("mlog-net", true);
        return Epoll.isAvailable()
                ? new Transport(
                        "epoll",
                        new MultiThreadIoEventLoopGroup(
                                eventLoops, threads, EpollIoHandler.newFactory()),
                        EpollServerSocketChannel.class)
                : nio(eventLoops);
    }

    /** Java's own selector. */
    static Transport nio(int eventLoops) {
        return new Transport(
                "nio",
                new MultiThreadIoEventLoopGroup(
                        eventLoops,
                        new DefaultThreadFactory("mlog-net", true),
                        NioIoHandler.newFactory()),
                NioServerSocketChannel.class);
    }
}
