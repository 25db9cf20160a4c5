package io.mlog.broker;

import io.mlog.broker.config.BrokerConfig;
import io.mlog.broker.http.HttpHandler;
import io.mlog.broker.http.HttpSite;
import io.mlog.broker.http.Readiness;
import io.mlog.broker.life.ClusterLibraries;
import io.mlog.broker.life.NetworkLibraries;
import io.mlog.broker.metrics.Metrics;
import io.mlog.broker.metrics.RequestMetrics;
import io.mlog.broker.net.ListenAddress;
import io.mlog.broker.net.Listener;
import io.mlog.broker.net.Reception;
import io.mlog.broker.net.Serving;
import io.mlog.broker.rpc.JsonRpc;
import io.mlog.broker.rpc.NotReadyRpc;
import io.mlog.model.HostPort;
import io.mlog.storage.FileStore;
import io.mlog.storage.RealFileStore;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A broker in this process: the port, and behind it {@link RunningBroker}. {@link #start} returns
 * once it serves; {@link #close} gives back ports, directory and threads.
 */
public final class BrokerServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(BrokerServer.class);
    private static final int HALTED = 70;

    private final Readiness readiness = new Readiness();
    private final Metrics metrics = new Metrics();
    private final RequestMetrics requests = new RequestMetrics();
    private final AtomicReference<@Nullable RunningBroker> running = new AtomicReference<>();
    private final Undo undo = new Undo();
    private final AtomicBoolean closing = new AtomicBoolean();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final String bindHost;
    private final Listener listener;

    private BrokerServer(BrokerConfig config) throws IOException {
        bindHost = config.network().clientAddress().host();
        HttpSite site = new HttpSite(readiness, metrics, this::siteServices);
        listener =
                undo.begun(
                        Listener.bind(
                                new ListenAddress(config.network().clientAddress(), "--rpc-port"),
                                NetworkLimits.eventLoops(config.network()),
                                NetworkLimits.of(config.network()),
                                new Reception(
                                        new NotReadyRpc(() -> readiness.state().detail(), requests),
                                        pipeline -> HttpHandler.install(pipeline, site, requests),
                                        metrics,
                                        requests)));
        metrics.add(requests);
    }

    /**
     * Starts a broker of this machine: Raft and gossip, real files, and the end of the process when
     * an invariant breaks.
     *
     * @throws IOException as the other {@code start}
     */
    public static BrokerServer start(BrokerConfig config) throws IOException {
        return start(config, new RealFileStore());
    }

    /**
     * The same on another disk than the machine's. The metadata log is not part of it: Raft's
     * library opens its files, below {@code raft} in the data directory, by itself.
     *
     * @throws IOException as the other {@code start}
     */
    public static BrokerServer start(BrokerConfig config, FileStore files) throws IOException {
        NetworkLibraries libraries = NetworkLibraries.bind(config.node());
        try {
            return start(config, files, libraries, BrokerServer::halt);
        } catch (IOException | RuntimeException e) {
            libraries.close();
            throw e;
        }
    }

    private static void halt(Throwable bug) {
        LOG.error("this broker cannot go on and ends at once; nothing acknowledged is lost", bug);
        Runtime.getRuntime().halt(HALTED);
    }

    /**
     * Starts a broker and waits until it serves. While it recovers, its port answers HTTP with its
     * progress and JSON with NOT_READY.
     *
     * @param files the real file system, or what stands in for it
     * @param fatal told of a broken invariant of ours, after which nothing can be promised: the
     *     process should end at once
     * @throws IOException when a port, the data directory or the metadata log cannot be had; the
     *     message says which and what to do
     */
    public static BrokerServer start(
            BrokerConfig config,
            FileStore files,
            ClusterLibraries libraries,
            Consumer<Throwable> fatal)
            throws IOException {
        BrokerServer server = new BrokerServer(config);
        try {
            server.serve(config, files, libraries, fatal);
            return server;
        } catch (IOException | RuntimeException e) {
            server.close();
            throw e;
        }
    }

    private void serve(
            BrokerConfig config,
            FileStore files,
            ClusterLibraries libraries,
            Consumer<Throwable> fatal)
            throws IOException {
        RunningBroker broker =
                undo.begun(
                        RunningBroker.start(
                                config,
                                files,
                                libraries,
                                listener::port,
                                listener::retire,
                                readiness,
                                metrics,
                                fatal,
                                this::leave));
        running.set(broker);
        JsonRpc json = broker.json(requests);
        metrics.add(json);
        listener.serve(new Serving(json, broker.kafka(metrics)));
        readiness.become(Readiness.Phase.READY, "");
        undo.onEnd(() -> readiness.become(Readiness.Phase.STOPPING, "stopping"));
    }

    /** Ends this broker in order, on a thread of its own; who waits for its end goes on. */
    private void leave() {
        Thread.ofPlatform().name("mlog-leave").start(this::close);
    }

    private HttpSite.Services siteServices() {
        RunningBroker broker = running.get();
        if (broker == null) {
            throw new IllegalStateException("the site was asked before the broker was ready");
        }
        return broker.siteServices();
    }

    /** Where clients connect to, with the port that was bound. */
    public HostPort clientAddress() {
        return new HostPort(bindHost, listener.port());
    }

    /** The kind of sockets in use, {@code epoll} or {@code nio}. */
    public String transport() {
        return listener.transport();
    }

    /** The cluster's permanent name. */
    public String clusterId() {
        return siteServices().broker().clusterId();
    }

    /** This broker's number, as Kafka clients see it. */
    public int brokerId() {
        return siteServices().broker().brokerId();
    }

    /** Whether the directory was empty, so that this start has founded the cluster. */
    public boolean founded() {
        RunningBroker broker = running.get();
        return broker != null && broker.founded();
    }

    /** Waits until {@link #close} is through. */
    public void awaitTermination() throws InterruptedException {
        closed.await();
    }

    /**
     * Answers what was taken, flushes, and gives everything back; blocks for a few seconds at most.
     */
    @Override
    public void close() {
        if (closing.compareAndSet(false, true)) {
            undo.all();
            closed.countDown();
        }
    }
}
