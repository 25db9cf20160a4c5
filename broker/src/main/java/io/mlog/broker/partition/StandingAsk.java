package io.mlog.broker.partition;

import io.mlog.model.ErrorCode;
import io.mlog.model.TopicIdPartition;
import io.mlog.services.PartitionFetched;
import io.mlog.services.ReplicaAsk;
import io.mlog.services.ReplicaFetched.Found;
import io.mlog.services.ReplicaIdentity;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One ask of a follower, from its arrival to its answer. Owned by its session's turns; only {@link
 * #advanced} comes from elsewhere.
 */
final class StandingAsk implements AdvanceListener {
    /** In place of a high watermark: it is to be told soon anyway, whatever it is then. */
    private static final long WHATEVER = Long.MAX_VALUE;

    private final ReplicaAsk ask;
    private final Consumer<StandingAsk> woken;
    private @Nullable LedPartition partition;

    /** The answer, when it is known without reading. */
    private @Nullable Found known;

    private long toldHighWatermark;
    private boolean ready;

    /**
     * An ask that nobody knows of yet.
     *
     * @param toldHighWatermark what the follower was told last, -1 when nothing
     * @param woken told, on any thread and with no lock held, when the partition has something new
     */
    StandingAsk(ReplicaAsk ask, long toldHighWatermark, Consumer<StandingAsk> woken) {
        this.ask = ask;
        this.toldHighWatermark = toldHighWatermark;
        this.woken = woken;
    }

    TopicIdPartition id() {
        return ask.partition();
    }

    /**
     * Tells the partition where the follower is, for the first time or again.
     *
     * @param hosted null when there is no such partition here
     */
    void acknowledge(@Nullable LedPartition hosted, ReplicaIdentity follower) {
        partition = hosted;
        if (hosted == null) {
            known = Found.refused(id(), ErrorCode.UNKNOWN_TOPIC_ID);
            return;
        }
        PartitionFetched refusal = hosted.acknowledge(follower, ask);
        known = refusal == null ? null : Found.of(id(), refusal);
    }

    /** Whether the answer is known without reading. */
    boolean isKnown() {
        return known != null;
    }

    /** Whether the follower knows of metadata that this broker has not acted on yet. */
    boolean isEarly() {
        return known != null
                && (known.error() == ErrorCode.UNKNOWN_TOPIC_ID
                        || known.error() == ErrorCode.UNKNOWN_LEADER_EPOCH);
    }

    /** What there is now; the slice is the caller's. */
    Found read(int maxRecords, int maxBytes, boolean atLeastOneBatch) {
        Found answer = known;
        LedPartition hosted = partition;
        if (answer != null || hosted == null) {
            return answer == null ? Found.refused(id(), ErrorCode.UNKNOWN_TOPIC_ID) : answer;
        }
        return Found.of(
                id(),
                hosted.readForReplica(
                        ask, maxRecords, Math.min(maxBytes, ask.maxBytes()), atLeastOneBatch));
    }

    /** Whether there is a high watermark that the follower was not told. */
    boolean isNews(Found found) {
        return found.highWatermark() > toldHighWatermark;
    }

    /** Takes in that the follower is told this; returns the high watermark that it then knows. */
    long told(Found found) {
        toldHighWatermark = Math.max(toldHighWatermark, found.highWatermark());
        return toldHighWatermark;
    }

    /**
     * Waits for records, for the end of the leadership and, unless they are to be told anyway, for
     * news of the high watermark.
     *
     * @return false when one of them is there already
     */
    boolean watch(boolean newsAreDue) {
        LedPartition hosted = partition;
        return hosted != null
                && hosted.watchForReplica(
                        this,
                        ask.leaderEpoch(),
                        ask.fetchOffset(),
                        newsAreDue ? WHATEVER : toldHighWatermark);
    }

    void unwatch() {
        if (partition != null) {
            partition.unwatchForReplica(this);
        }
    }

    @Override
    public void advanced() {
        woken.accept(this);
    }

    /** Marks it as to be read; false when it was already. */
    boolean becomesReady() {
        boolean first = !ready;
        ready = true;
        return first;
    }

    void isRead() {
        ready = false;
    }
}
