package io.mlog.client;

import io.mlog.model.ErrorCode;
import io.mlog.model.HostPort;
import io.mlog.model.MlogException;
import io.mlog.model.TopicPartition;
import io.mlog.protocol.DescribeTopic;
import io.mlog.protocol.RpcRequest;
import io.mlog.protocol.RpcResponse;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.FastThreadLocalThread;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the clients stand on: one event loop with a pool of connections, and requests that find the
 * node which can answer them, again and again until their deadline. May be called from any thread;
 * what comes of a call is completed on the event loop, which must not be blocked.
 */
final class ClusterCaller implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ClusterCaller.class);

    private final MultiThreadIoEventLoopGroup group;
    private final List<Thread> threads = new CopyOnWriteArrayList<>();
    private final EventLoop loop;
    private final ConnectionConfig config;
    private final LongSupplier clock;
    private final ConnectionPool pool;
    private final KnownNodes nodes;
    private final Backoff backoff;
    private final Set<RepeatedCall<?>> calls = new HashSet<>();
    private boolean ended;

    /** Starts the thread; connects when first needed. */
    ClusterCaller(String threadName, ConnectionConfig config) {
        this(threadName, config, System::nanoTime, RandomGenerator.getDefault());
    }

    ClusterCaller(
            String threadName,
            ConnectionConfig config,
            LongSupplier clock,
            RandomGenerator random) {
        ThreadFactory newThread = task -> thread(threadName, task);
        this.group = new MultiThreadIoEventLoopGroup(1, newThread, NioIoHandler.newFactory());
        this.loop = group.next();
        this.config = config;
        this.clock = clock;
        this.pool = new ConnectionPool(loop, config, clock);
        this.nodes = new KnownNodes(config.addresses());
        this.backoff =
                new Backoff(
                        config.backoffFirst().toMillis(), config.backoffMax().toMillis(), random);
    }

    EventLoop loop() {
        return loop;
    }

    LongSupplier clock() {
        return clock;
    }

    Backoff backoff() {
        return backoff;
    }

    /** Tells whoever configured that; a listener that fails ends nothing. */
    void notice(String sentence) {
        Guarded.run(
                () -> config.notices().accept(sentence),
                failure -> LOG.warn("the listener for notices failed on: {}", sentence, failure));
    }

    /** Owned by the event loop. */
    KnownNodes nodes() {
        assert loop.inEventLoop();
        return nodes;
    }

    /** The deadline of a request that starts now. */
    Deadline requestDeadline() {
        return Deadline.in(config.requestTimeout().toMillis(), clock);
    }

    /**
     * How long a node that is one of several may take, in ms.
     *
     * @param failures how many attempts have failed in a row
     */
    long patienceMs(int failures) {
        return config.patience().toMillis() << Math.min(failures, 10);
    }

    /** Asks any node. */
    <R extends RpcResponse> CompletableFuture<R> any(
            RpcRequest<R> request, Repeat repeat, Deadline deadline) {
        return start(new RepeatedCall<>(this, request, new Route.Any(), repeat, deadline));
    }

    /** Asks the leader of a partition. */
    <R extends RpcResponse> CompletableFuture<R> leader(
            TopicPartition partition, RpcRequest<R> request, Deadline deadline) {
        return start(
                new RepeatedCall<>(
                        this, request, new Route.Leader(partition), Repeat.ALWAYS, deadline));
    }

    /** Asks a node that holds a replica of a partition. */
    <R extends RpcResponse> CompletableFuture<R> replica(
            TopicPartition partition, RpcRequest<R> request, Deadline deadline) {
        return start(
                new RepeatedCall<>(
                        this, request, new Route.Replica(partition), Repeat.ALWAYS, deadline));
    }

    /** Asks the coordinator of a group. */
    <R extends RpcResponse> CompletableFuture<R> coordinator(
            String group, RpcRequest<R> request, Deadline deadline) {
        return start(
                new RepeatedCall<>(
                        this, request, new Route.Coordinator(group), Repeat.ALWAYS, deadline));
    }

    /** Describes a topic, and remembers who leads its partitions. */
    CompletableFuture<DescribeTopic.Response> topic(
            String topic, boolean autoCreate, Deadline deadline) {
        return onLoop(() ->
                any(new DescribeTopic.Request(topic, autoCreate), Repeat.ALWAYS, deadline)
                        .thenApply(this::remembered));
    }

    /** One attempt at one node; on the event loop. */
    CompletableFuture<RpcResponse> once(HostPort address, RpcRequest<?> request, long timeoutMs) {
        return pool.connection(address)
                .thenCompose(connection -> connection.call(request, timeoutMs));
    }

    /** Sends to one node what has no reply; on the event loop. */
    CompletableFuture<Boolean> tell(HostPort address, RpcRequest<?> request) {
        return pool.connection(address).thenCompose(connection -> connection.tell(request));
    }

    /**
     * Blocks until the result is there.
     *
     * @throws MlogException as the request failed
     * @throws IllegalStateException on the event loop's own thread, which would wait for itself
     */
    <T> T await(CompletableFuture<T> result) {
        if (loop.inEventLoop()) {
            throw new IllegalStateException(
                    "a blocking call on the client's own thread would wait for itself: do not make"
                            + " it in what runs when a result completes");
        }
        try {
            return result.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new MlogException(
                    ErrorCode.REQUEST_TIMED_OUT, "interrupted while waiting for an answer");
        } catch (ExecutionException e) {
            switch (AttemptFailedException.unwrap(e.getCause() == null ? e : e.getCause())) {
                case MlogException refusal -> throw refusal;
                case RuntimeException bug -> throw new IllegalStateException(bug);
                case Error error -> throw error;
                case Throwable other -> throw new IllegalStateException(other);
            }
        }
    }

    /** Closes every connection and ends the thread; waits for that at most some seconds. */
    @Override
    public void close() {
        if (!group.isShuttingDown()) {
            loop.execute(this::end);
        }
        group.shutdownGracefully(0, 5, TimeUnit.SECONDS);
        if (!loop.inEventLoop()) {
            group.terminationFuture().awaitUninterruptibly(10, TimeUnit.SECONDS);
            threads.forEach(ClusterCaller::join);
        }
    }

    /** Runs what must run on the loop, and hands its result out. */
    <T> CompletableFuture<T> onLoop(Supplier<CompletableFuture<T>> task) {
        if (loop.inEventLoop()) {
            return task.get();
        }
        CompletableFuture<T> result = new CompletableFuture<>();
        try {
            loop.execute(() ->
                    Guarded.run(
                            () ->
                                    task.get()
                                            .whenComplete((value, failure) -> {
                                                if (failure == null) {
                                                    result.complete(value);
                                                } else {
                                                    result.completeExceptionally(failure);
                                                }
                                            }),
                            result::completeExceptionally));
        } catch (RejectedExecutionException e) {
            result.completeExceptionally(closed());
        }
        return result;
    }

    private <R extends RpcResponse> CompletableFuture<R> start(RepeatedCall<R> call) {
        return onLoop(() -> {
            if (ended) {
                return CompletableFuture.failedFuture(closed());
            }
            calls.add(call);
            call.result().whenComplete((reply, failure) -> calls.remove(call));
            call.attempt();
            return call.result();
        });
    }

    private void end() {
        ended = true;
        for (RepeatedCall<?> call : List.copyOf(calls)) {
            call.result().completeExceptionally(closed());
        }
        pool.close();
    }

    private Thread thread(String name, Runnable task) {
        Thread thread = new FastThreadLocalThread(task, name);
        thread.setDaemon(true);
        threads.add(thread);
        return thread;
    }

    private static void join(Thread thread) {
        try {
            thread.join(Duration.ofSeconds(1));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static MlogException closed() {
        return new MlogException(ErrorCode.NOT_READY, "this client was closed");
    }

    private DescribeTopic.Response remembered(DescribeTopic.Response description) {
        for (DescribeTopic.Partition partition : description.partitions()) {
            partition
                    .leaderAddr()
                    .ifPresent(leader ->
                            nodes.leads(
                                    new TopicPartition(description.topic(), partition.partition()),
                                    leader));
        }
        return description;
    }
}
