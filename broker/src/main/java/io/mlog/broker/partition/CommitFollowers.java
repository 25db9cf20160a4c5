package io.mlog.broker.partition;

import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;

/**
 * Who is told every high watermark of a leadership, in order, as long as it lasts. Guarded by the
 * partition's lock.
 */
final class CommitFollowers {
    private final List<Follower> followers = new ArrayList<>();

    /** One who is told; what is queued for it when its time ends is not delivered any more. */
    private static final class Follower {
        private final int leaderEpoch;
        private final LongConsumer listener;
        private volatile boolean ended;

        Follower(int leaderEpoch, LongConsumer listener) {
            this.leaderEpoch = leaderEpoch;
            this.listener = listener;
        }

        void tell(long highWatermark) {
            if (!ended) {
                listener.accept(highWatermark);
            }
        }
    }

    /**
     * Tells {@code listener} the high watermark now, and whenever it moves in {@code leaderEpoch},
     * after the lock is released.
     *
     * @return ends it; to be run with the lock held
     */
    Runnable add(int leaderEpoch, LongConsumer listener, long highWatermark, Effects effects) {
        Follower follower = new Follower(leaderEpoch, listener);
        followers.add(follower);
        effects.add(() -> follower.tell(highWatermark));
        return () -> {
            follower.ended = true;
            followers.remove(follower);
        };
    }

    /** The high watermark has moved. */
    void moved(long highWatermark, Effects effects) {
        for (Follower follower : followers) {
            effects.add(() -> follower.tell(highWatermark));
        }
    }

    /** No leader epoch before {@code leaderEpoch} lasts any longer. */
    void endBefore(int leaderEpoch) {
        followers.removeIf(follower -> {
            follower.ended |= follower.leaderEpoch < leaderEpoch;
            return follower.ended;
        });
    }
}
