package io.mlog.broker.net;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;

/**
 * The one port of a broker: accepts connections from {@link #bind} on, serves requests from {@link
 * #serve} on, and answers what is waiting before {@link #close} ends them. Its methods are called
 * by the thread that starts and stops the broker.
 */
public final class Listener implements AutoCloseable {
    /** Connections that the kernel keeps until they are accepted. */
    private static final int BACKLOG = 1024;

    /** How long the end waits for answers to what was taken, unless told otherwise. */
    static final long ANSWER_MS = 500;

    private static final long POLL_MS = 5;

    /** Most event loops unless told otherwise: what they do is bounded by disk and network. */
    private static final int MOST_LOOPS = 4;

    private final Transport transport;
    private final Household household;
    private final Channel channel;
    private final long answerMs;

    private Listener(Transport transport, Household household, Channel channel, long answerMs) {
        this.transport = transport;
        this.household = household;
        this.channel = channel;
        this.answerMs = answerMs;
    }

    /**
     * Takes the port. HTTP is answered at once, JSON by {@code reception}'s service for that time,
     * Kafka not before {@link #serve}.
     *
     * @param eventLoops threads; 0 takes one for each processor, {@value #MOST_LOOPS} at most
     * @throws IOException when the port cannot be had, naming flag, address and a way out
     */
    public static Listener bind(
            ListenAddress address, int eventLoops, ConnectionLimits limits, Reception reception)
            throws IOException {
        int loops = eventLoops == 0 ? defaultLoops() : eventLoops;
        return bind(address, Transport.best(loops), limits, reception, ANSWER_MS);
    }

    /** The same over any transport, and with {@code answerMs} for the answers at its end. */
    static Listener bind(
            ListenAddress address,
            Transport transport,
            ConnectionLimits limits,
            Reception reception,
            long answerMs)
            throws IOException {
        Household household = Household.of(limits, reception, System::nanoTime);
        try {
            return new Listener(
                    transport, household, bind(address, transport, household), answerMs);
        } catch (IOException e) {
            transport.loops().shutdownGracefully(0, 0, TimeUnit.MILLISECONDS);
            throw e;
        }
    }

    private static Channel bind(ListenAddress address, Transport transport, Household household)
            throws IOException {
        ChannelFuture bound =
                new ServerBootstrap()
                        .group(transport.loops())
                        .channel(transport.serverChannel())
                        .option(ChannelOption.SO_BACKLOG, BACKLOG)
                        .option(ChannelOption.SO_REUSEADDR, true)
                        .childOption(ChannelOption.TCP_NODELAY, true)
                        .childOption(ChannelOption.SO_KEEPALIVE, true)
                        .childHandler(new Intake(household))
                        .bind(address.toSocketAddress())
                        .awaitUninterruptibly();
        if (bound.isSuccess()) {
            return bound.channel();
        }
        throw address.refused(bound.cause());
    }

    /** The port that was bound. */
    public int port() {
        return ((InetSocketAddress) channel.localAddress()).getPort();
    }

    /** Name of the kind of sockets, {@code epoll} or {@code nio}. */
    public String transport() {
        return transport.name();
    }

    /** How many connections are open. */
    public int connections() {
        return household.connections().count();
    }

    /** Serves requests from now on, those that are waiting first. Called once. */
    public void serve(Serving serving) {
        household.gate().open(serving);
        household.connections().forEach(Connection::resume);
    }

    /**
     * Gives the port back and takes no more requests; connections end when what they were asked is
     * answered, at the latest with {@link #close}. Idempotent; not on an event loop.
     */
    public void retire() {
        channel.close().awaitUninterruptibly();
        household.connections().end();
    }

    /**
     * Gives the port back, answers the requests that were taken as far as that takes no longer than
     * its time for answers, {@value #ANSWER_MS} ms in a broker, and closes every connection.
     * Idempotent; not on an event loop.
     */
    @Override
    public void close() {
        retire();
        awaitAnswers();
        transport.loops().shutdownGracefully(0, 0, TimeUnit.MILLISECONDS).awaitUninterruptibly();
    }

    private void awaitAnswers() {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(answerMs);
        try {
            while (household.connections().count() > 0 && System.nanoTime() < deadline) {
                Thread.sleep(POLL_MS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static int defaultLoops() {
        return Math.min(MOST_LOOPS, Runtime.getRuntime().availableProcessors());
    }
}
