package io.mlog.core.replication;

import io.mlog.core.replication.HighWatermark.Durability;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A leadership with its surroundings, for tests: broker 1 leads brokers 2 and 3 in epoch 7, with a
 * log that ends at 100 when it begins. Boots are 10 times the broker id.
 */
final class Leader {
    static final int EPOCH = 7;
    static final IsrLimits LIMITS = new IsrLimits(10, 3000);

    final HighWatermark highWatermark;
    final Leadership leadership;
    final Map<Integer, Long> boots = new TreeMap<>(Map.of(1, 10L, 2, 20L, 3, 30L));
    List<Integer> isr;
    int minIsr;
    int partitionEpoch = 40;
    long logEnd = 100;
    long nowMs = 1_000_000;

    Leader(long highWatermark, int minIsr, Integer... isr) {
        this.isr = List.of(isr);
        this.minIsr = minIsr;
        this.highWatermark = new HighWatermark(highWatermark);
        this.leadership =
                new Leadership(
                        new IsrMember(1, 10), view(), logEnd, this.highWatermark, LIMITS, nowMs);
        flushed(logEnd);
    }

    private PartitionView view() {
        return new PartitionView(1, EPOCH, partitionEpoch, List.of(1, 2, 3), isr, minIsr, boots);
    }

    /** The leader appends and flushes up to {@code end}. */
    Leader appended(long end) {
        logEnd = end;
        return flushed(end);
    }

    /** The leader's log ends at {@code end}, of which only what lies below the flush is on disk. */
    Leader appended(long end, long flushed) {
        logEnd = end;
        return flushed(flushed);
    }

    Leader flushed(long offset) {
        leadership.local(Durability.GROUP, offset, logEnd);
        return this;
    }

    boolean fetched(int broker, long offset) {
        return fetched(broker, broker * 10L, offset);
    }

    boolean fetched(int broker, long boot, long offset) {
        return leadership.fetched(new IsrMember(broker, boot), offset, logEnd, nowMs);
    }

    /** The metadata commits another ISR. */
    Leader committed(Integer... members) {
        isr = List.of(members);
        partitionEpoch++;
        return sameEpochImage();
    }

    /** An image that did not touch the partition itself. */
    Leader sameEpochImage() {
        leadership.changed(view(), nowMs);
        return this;
    }

    void passes(long ms) {
        nowMs += ms;
        leadership.tick(nowMs);
    }

    /** Time passes in ticks of half a second while {@code each} happens after every one. */
    void passesWhile(long ms, Runnable each) {
        for (long end = nowMs + ms; nowMs < end; ) {
            passes(Math.min(500, end - nowMs));
            each.run();
        }
    }

    long hw() {
        return highWatermark.value();
    }

    /** Broker ids of the proposal to send, empty when there is none. */
    List<Integer> proposed() {
        Optional<IsrProposal> proposal = leadership.proposal();
        List<Integer> ids = new ArrayList<>();
        proposal.ifPresent(wish -> wish.isr().forEach(member -> ids.add(member.brokerId())));
        return ids;
    }
}
