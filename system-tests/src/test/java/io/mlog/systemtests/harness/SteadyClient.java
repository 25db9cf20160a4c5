package io.mlog.systemtests.harness;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A client that asks for the topics over and over on one connection while others misbehave, and
 * remembers the longest time it waited.
 */
public final class SteadyClient implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final RawConnection connection;
    private final Thread thread;
    private final AtomicLong answers = new AtomicLong();
    private final AtomicLong longestNanos = new AtomicLong();
    private final AtomicReference<@Nullable Exception> failure = new AtomicReference<>();
    private volatile boolean stopping;

    /** Asks once, then goes on asking. */
    public SteadyClient(int port) throws IOException {
        this.connection = RawConnection.to(port, PATIENCE);
        askOnce();
        this.thread = Thread.ofPlatform().daemon().name("steady-client").start(this::ask);
    }

    private void ask() {
        try {
            while (!stopping) {
                askOnce();
                Thread.sleep(1);
            }
        } catch (Exception e) {
            failure.set(e);
        }
    }

    private void askOnce() throws IOException {
        long began = System.nanoTime();
        connection.sendJson("{\"id\":5,\"type\":\"ListTopics\"}");
        String answer = connection.readJson();
        if (!answer.contains("ListTopicsResponse")) {
            throw new IOException("unexpected answer " + answer);
        }
        longestNanos.accumulateAndGet(System.nanoTime() - began, Math::max);
        answers.incrementAndGet();
    }

    /** How often it was answered. */
    public long answers() {
        return answers.get();
    }

    /**
     * Stops asking.
     *
     * @return the longest time between a question and its answer
     * @throws AssertionError when the connection failed
     */
    public Duration finish() throws InterruptedException {
        stopping = true;
        thread.join();
        Exception failed = failure.get();
        if (failed != null) {
            throw new AssertionError("failed after " + answers.get() + " answers", failed);
        }
        return Duration.ofNanos(longestNanos.get());
    }

    @Override
    public void close() throws IOException {
        stopping = true;
        connection.close();
    }
}
