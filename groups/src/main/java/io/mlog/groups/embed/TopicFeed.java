package io.mlog.groups.embed;

import io.mlog.groups.GroupTopics;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands the cluster's topics to the coordinator, which may take seconds: for a deleted topic it
 * waits until the offsets are deleted too. So it runs on a thread of its own while there is
 * something new, and of several new views only the last is handed on. The first view is handed on
 * by the caller, since a coordinator that was elected before it knows the topics takes everything
 * away from its members.
 */
final class TopicFeed {
    private static final Logger LOG = LoggerFactory.getLogger(TopicFeed.class);

    private final Consumer<GroupTopics> coordinator;
    private final Semaphore turn = new Semaphore(1);
    private @Nullable GroupTopics next;
    private boolean running;
    private boolean fed;
    private boolean closed;

    TopicFeed(Consumer<GroupTopics> coordinator) {
        this.coordinator = coordinator;
    }

    /** In order, by one thread. */
    void offer(GroupTopics topics) {
        synchronized (this) {
            if (closed) {
                return;
            }
            if (fed) {
                next = topics;
                if (!running) {
                    running = true;
                    Thread.ofVirtual().name("group-topics").start(this::drain);
                }
                return;
            }
        }
        coordinator.accept(topics);
        synchronized (this) {
            fed = true;
        }
    }

    synchronized boolean fed() {
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
            synchronized (this) {
                if (closed) {
                    return; // the coordinator ended meanwhile and refuses everything
                }
            }
            LOG.error(
                    "the coordinator did not take in the topics of version {}",
                    topics.version(),
                    e);
        }
    }

    private synchronized @Nullable GroupTopics take() {
        GroupTopics taken = closed ? null : next;
        next = null;
        running = taken != null;
        return taken;
    }

    /** Nothing is handed on any more. */
    synchronized void close() {
        closed = true;
    }

    /** Waits for what is being handed on; the coordinator was closed, so it is not held up. */
    void await() {
        turn.acquireUninterruptibly();
        turn.release();
    }
}
