package io.mlog.broker.flush;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class GroupFlusherTest {
    private final CompletableFuture<Throwable> bug = new CompletableFuture<>();

    /** Lets each flush begin only when told, and counts those that run at once. */
    private static final class SlowDisk implements FlushTarget {
        private final FlushTicket ticket = new FlushTicket();
        private final Semaphore begun = new Semaphore(0);
        private final Semaphore mayEnd = new Semaphore(0);
        private final AtomicInteger running = new AtomicInteger();
        private final AtomicInteger mostRunning = new AtomicInteger();

        @Override
        public long flush() {
            mostRunning.accumulateAndGet(running.incrementAndGet(), Math::max);
            begun.release();
            mayEnd.acquireUninterruptibly();
            running.decrementAndGet();
            return 1;
        }

        @Override
        public FlushTicket ticket() {
            return ticket;
        }
    }

    @Test
    void appendsDuringAFlushShareTheNextOne() throws Exception {
        SlowDisk disk = new SlowDisk();
        try (GroupFlusher flusher = new GroupFlusher(3, bug::complete)) {
            flusher.schedule(disk);
            assertThat(disk.begun.tryAcquire(10, TimeUnit.SECONDS)).isTrue();
            for (int i = 0; i < 100; i++) {
                flusher.schedule(disk);
            }
            disk.mayEnd.release(2);
            assertThat(disk.begun.tryAcquire(10, TimeUnit.SECONDS)).isTrue();
            disk.mayEnd.release(100);
        }

        assertThat(disk.begun.availablePermits()).isZero();
        assertThat(disk.mostRunning).hasValue(1);
        assertThat(bug).isNotDone();
    }

    @Test
    void aSlowTargetDoesNotDelayAnother() throws Exception {
        SlowDisk slow = new SlowDisk();
        SlowDisk quick = new SlowDisk();
        quick.mayEnd.release(1);
        try (GroupFlusher flusher = new GroupFlusher(2, bug::complete)) {
            flusher.schedule(slow);
            flusher.schedule(quick);
            assertThat(quick.begun.tryAcquire(10, TimeUnit.SECONDS)).isTrue();
            slow.mayEnd.release(1);
        }
        assertThat(slow.begun.tryAcquire(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void aBugInATargetIsReported() throws Exception {
        FlushTarget broken =
                new FlushTarget() {
                    private final FlushTicket ticket = new FlushTicket();

                    @Override
                    public long flush() {
                        throw new IllegalStateException("broken");
                    }

                    @Override
                    public FlushTicket ticket() {
                        return ticket;
                    }
                };
        try (GroupFlusher flusher = new GroupFlusher(1, bug::complete)) {
            flusher.schedule(broken);
            assertThat(bug.get(10, TimeUnit.SECONDS)).hasMessage("broken");
        }
    }
}
