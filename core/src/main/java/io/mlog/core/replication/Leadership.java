package io.mlog.core.replication;

import io.mlog.core.replication.HighWatermark.Durability;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The leader's side of a partition for one leader epoch: how far each follower has come, how far
 * the high watermark may go (R1, R2), and which in-sync set to wish for (R4). Rules by their
 * numbers are those of the replication design, see {@code docs/replication.md}.
 *
 * <p>Events come in by {@link #local}, {@link #fetched}, {@link #changed} and {@link #tick}; the
 * caller then looks at the high watermark and takes the {@link #proposal}. What became of a
 * proposal is learnt from {@link #changed} alone: an image with a higher partition epoch ends every
 * proposal made on a lower one, a refusal or a time-out ends none, since the command may still be
 * applied.
 *
 * <p>Owned by the partition's lock. Allocates nothing unless there is something to propose.
 */
public final class Leadership {
    /** After this time without an image a proposal is made again. */
    private static final long PROPOSE_AGAIN_MS = 1000;

    private final IsrMember self;
    private final int leaderEpoch;
    private final long epochStart;
    private final HighWatermark highWatermark;
    private final IsrLimits limits;
    private final SteadyTime time;
    private PartitionView view;
    private FollowerProgress[] followers = {};
    private long safeOffset = FollowerProgress.UNSEEN;
    private boolean proposalOpen;
    private long proposedMs;
    private Optional<IsrProposal> toSend = Optional.empty();

    /**
     * Begins the leadership that {@code view} gives to {@code self}.
     *
     * @param epochStart the log end offset at this moment
     * @param highWatermark the replica's, which this leadership raises from now on
     */
    public Leadership(
            IsrMember self,
            PartitionView view,
            long epochStart,
            HighWatermark highWatermark,
            IsrLimits limits,
            long nowMs) {
        if (view.leader() != self.brokerId()) {
            throw new IllegalStateException(
                    "broker %d cannot lead: leader epoch %d is broker %d's"
                            .formatted(self.brokerId(), view.leaderEpoch(), view.leader()));
        }
        this.self = self;
        this.leaderEpoch = view.leaderEpoch();
        this.epochStart = epochStart;
        this.highWatermark = highWatermark;
        this.limits = limits;
        this.time = new SteadyTime(nowMs, Math.max(1, limits.lagTimeMs() / 2));
        this.view = view;
        takeIn(view, time.at(nowMs), true);
    }

    /** Number of this leadership. */
    public int leaderEpoch() {
        return leaderEpoch;
    }

    /** First offset of this leadership: below it are the records of earlier ones. */
    public long epochStart() {
        return epochStart;
    }

    /**
     * Whether the high watermark has reached the epoch's start. Until then the leader before may
     * have exposed a higher one, so this one's is told to nobody (R8).
     */
    public boolean settled() {
        return highWatermark.value() >= epochStart;
    }

    /** Whether records can become committed: the committed ISR has its least size (R2). */
    public boolean enoughReplicas() {
        return view.isr().size() >= view.minIsr();
    }

    /** Whether there is anybody to wait for. */
    public boolean hasFollowers() {
        return followers.length > 0;
    }

    /** The metadata that it goes by. */
    public PartitionView view() {
        return view;
    }

    /** The leader's own log was appended to or flushed; the high watermark may follow. */
    public void local(Durability durability, long flushedOffset, long logEndOffset) {
        safeOffset = durability.safeOffset(flushedOffset, logEndOffset);
        advance();
    }

    /**
     * A follower says that it has everything below {@code fetchOffset}; its log was compared with
     * the leader's and does not differ below that (R5).
     *
     * @return whether it counts: only a replica's present, unfenced boot does
     */
    public boolean fetched(IsrMember who, long fetchOffset, long logEndOffset, long nowMs) {
        long now = time.at(nowMs);
        FollowerProgress follower = find(who.brokerId());
        if (follower == null || !follower.isLive(who.bootEpoch())) {
            return false;
        }
        follower.fetched(fetchOffset, logEndOffset, limits.lagRecords(), now);
        advance();
        if (!follower.committed()) {
            if (!follower.inMaximalIsr() && follower.hasReached(joinOffset())) {
                follower.joins(now);
            }
            review(now);
        }
        return true;
    }

    /** A newer image, of this same leader epoch; an older one is not obeyed. */
    public void changed(PartitionView newer, long nowMs) {
        if (newer.leaderEpoch() != leaderEpoch || newer.leader() != self.brokerId()) {
            throw new IllegalStateException(
                    "leader epoch %d of broker %d is not continued by epoch %d of broker %d"
                            .formatted(
                                    leaderEpoch,
                                    self.brokerId(),
                                    newer.leaderEpoch(),
                                    newer.leader()));
        }
        if (newer.partitionEpoch() < view.partitionEpoch()) {
            return;
        }
        long now = time.at(nowMs);
        takeIn(newer, now, newer.partitionEpoch() > view.partitionEpoch());
        advance();
        review(now);
    }

    /** Time has passed: demotes who lags, and repeats a proposal of which nothing was heard. */
    public void tick(long nowMs) {
        review(time.at(nowMs));
    }

    /** The proposal to send, once. */
    public Optional<IsrProposal> proposal() {
        Optional<IsrProposal> taken = toSend;
        toSend = Optional.empty();
        return taken;
    }

    /**
     * The proposal by which a leader that cannot go on hands over to the others that are in sync:
     * each has everything below the high watermark. Empty when there is nobody. It may be made
     * again as long as the leadership lasts.
     */
    public Optional<IsrProposal> resignation() {
        List<IsrMember> heirs = new ArrayList<>();
        for (int replica : view.isr()) {
            Long boot = view.liveBoots().get(replica);
            if (replica != self.brokerId() && boot != null) {
                heirs.add(new IsrMember(replica, boot));
            }
        }
        return heirs.isEmpty()
                ? Optional.empty()
                : Optional.of(new IsrProposal(leaderEpoch, view.partitionEpoch(), heirs));
    }

    /** What the followers were seen to have, in the order of the replicas. */
    public List<FollowerStatus> followers(long nowMs) {
        long now = time.at(nowMs);
        List<FollowerStatus> all = new ArrayList<>(followers.length);
        for (FollowerProgress each : followers) {
            all.add(
                    new FollowerStatus(
                            each.brokerId(),
                            each.committed(),
                            each.fetchOffset(),
                            each.sinceCurrentMs(now)));
        }
        return all;
    }

    private void takeIn(PartitionView newer, long now, boolean newPartitionEpoch) {
        view = newer;
        FollowerProgress[] next = new FollowerProgress[followersOf(newer)];
        int i = 0;
        for (int replica : newer.replicas()) {
            if (replica != self.brokerId()) {
                FollowerProgress known = find(replica);
                next[i++] = known == null ? new FollowerProgress(replica, now) : known;
            }
        }
        followers = next;
        for (FollowerProgress each : followers) {
            Long boot = newer.liveBoots().get(each.brokerId());
            each.boot(boot == null ? FollowerProgress.NO_BOOT : boot, now);
            if (newPartitionEpoch) {
                each.committed(newer.isr().contains(each.brokerId()));
            }
        }
        if (newPartitionEpoch) {
            proposalOpen = false;
            toSend = Optional.empty();
        }
    }

    private int followersOf(PartitionView newer) {
        return (int) newer.replicas().stream().filter(id -> id != self.brokerId()).count();
    }

    private void advance() {
        if (!enoughReplicas()) {
            return;
        }
        long candidate = safeOffset;
        for (FollowerProgress each : followers) {
            if (each.inMaximalIsr()) {
                candidate = Math.min(candidate, each.fetchOffset());
            }
        }
        highWatermark.raise(candidate);
    }

    private long joinOffset() {
        return Math.max(highWatermark.value(), epochStart);
    }

    private void review(long now) {
        boolean asCommitted = true;
        boolean asProposed = true;
        for (FollowerProgress each : followers) {
            boolean wished = wishes(each, now);
            asCommitted &= wished == each.committed();
            asProposed &= wished == each.inLastProposal();
        }
        boolean due =
                proposalOpen ? !asProposed || now - proposedMs >= PROPOSE_AGAIN_MS : !asCommitted;
        if (due) {
            propose(now);
        }
    }

    private boolean wishes(FollowerProgress follower, long now) {
        return follower.deserves(joinOffset(), limits.lagTimeMs(), now);
    }

    private void propose(long now) {
        List<IsrMember> wished = new ArrayList<>(view.replicas().size());
        for (int replica : view.replicas()) {
            FollowerProgress follower = find(replica);
            if (follower == null) {
                wished.add(self);
            } else if (wishes(follower, now)) {
                wished.add(follower.member());
            }
        }
        for (FollowerProgress each : followers) {
            each.proposed(wished.contains(each.member()));
        }
        proposalOpen = true;
        proposedMs = now;
        toSend = Optional.of(new IsrProposal(leaderEpoch, view.partitionEpoch(), wished));
    }

    private @Nullable FollowerProgress find(int brokerId) {
        for (FollowerProgress each : followers) {
            if (each.brokerId() == brokerId) {
                return each;
            }
        }
        return null;
    }
}
