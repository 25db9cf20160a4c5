package io.mlog.groups.embed;

import io.mlog.groups.GroupTopics;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands the cluster's topics to the coordinator, which may take seconds: for a deleted topic it
 * waits until the offsets are deleted too. So it runs on a thread of its own while there is
 * something new; the teller is held up only when {@value #MAX_WAITING} views wait. None is left
 * out: the offsets of a topic that lived for one view only are deleted as well.
 *
 * <p>The first view is handed on by the teller, since a coordinator that was elected before it
 * knows the topics takes everything away from its members.
 */
final class TopicFeed {
    private static final Logger LOG = LoggerFactory.getLogger(TopicFeed.class);

    static final int MAX_WAITING = 64;

    private final Consumer<GroupTopics> coordinator;
    private final BlockingQueue<GroupTopics> waiting = new ArrayBlockingQueue<>(MAX_WAITING);
    private final Semaphore turn = new Semaphore(1);
    private boolean running;
    private volatile boolean fed;
    private volatile boolean closed;

    TopicFeed(Consumer<GroupTopics> coordinator) {
        this.coordinator = coordinator;
    }

    /** In order, by one thread. */
    void offer(GroupTopics topics) throws InterruptedException {
        if (closed) {
            return;
        }
        if (!fed) {
            coordinator.accept(topics);
            fed = true;
            return;
        }
        waiting.put(topics);
        synchronized (this) {
            if (!running) {
                running = true;
                Thread.ofVirtual().name("group-topics").start(this::drain);
            }
        }
    }

    /** Whether the first view was handed on. */
    boolean fed() {
        return fed;
    }

    private void drain() {
        turn.acquireUninterruptibly();
        try {
            for (GroupTopics topics = take(); topics != null; topics = take()) {
                handOn(topics);
            }
        } finally {
            turn.release();
        }
    }

    private void handOn(GroupTopics topics) {
        try {
            coordinator.accept(topics);
        } catch (RuntimeException e) {
            if (!closed) { // otherwise the coordinator has ended meanwhile and refuses everything
                LOG.error("the topics of version {} were not taken in", topics.version(), e);
            }
        }
    }

    private synchronized @Nullable GroupTopics take() {
        if (closed) {
            waiting.clear();
        }
        GroupTopics taken = waiting.poll();
        running = taken != null;
        return taken;
    }

    /** Nothing more is handed on. */
    void close() {
        closed = true;
    }

    /** Waits for what is being handed on; the coordinator was closed, so it is not held up. */
    void await() {
        turn.acquireUninterruptibly();
        turn.release();
    }
}
