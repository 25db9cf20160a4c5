package io.mlog.kafka;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;

/**
 * What one consumer wants from this broker again and again, and what it was told last, so that
 * requests and answers carry what is new (KIP-227). Guarded by its own monitor: requests come on
 * the connection's event loop, answers from whoever found something. How many partitions it may
 * have is for {@link FetchSessions} to say.
 */
final class FetchSession {
    private static final long UNKNOWN = -1;
    private static final int NO_REPLICA = -1;

    private final int id;
    private final boolean byTopicId;
    private final LinkedHashMap<FetchWish.Key, Partition> partitions = new LinkedHashMap<>();
    private int nextEpoch = 1;

    /** A partition's wish, and what its consumer was told. */
    private static final class Partition {
        private FetchWish wish;
        private long highWatermark = UNKNOWN;
        private long logStartOffset = UNKNOWN;

        Partition(FetchWish wish) {
            this.wish = wish;
        }

        /** Whether an answer has something that the consumer does not know yet. */
        boolean learns(PartitionData entry) {
            boolean news =
                    entry.records().sizeInBytes() > 0
                            || entry.errorCode() != 0
                            || entry.highWatermark() != highWatermark
                            || entry.logStartOffset() != logStartOffset
                            || entry.preferredReadReplica() != NO_REPLICA;
            logStartOffset = entry.logStartOffset();
            // When the error is over that is news, whatever the high watermark is then.
            highWatermark = entry.errorCode() == 0 ? entry.highWatermark() : UNKNOWN;
            return news;
        }
    }

    /**
     * A session that has no partitions yet.
     *
     * @param byTopicId whether its requests name topics by id
     */
    FetchSession(int id, boolean byTopicId) {
        this.id = id;
        this.byTopicId = byTopicId;
    }

    int id() {
        return id;
    }

    boolean isByTopicId() {
        return byTopicId;
    }

    /** The epoch that the next request must have. */
    synchronized int nextEpoch() {
        return nextEpoch;
    }

    synchronized int size() {
        return partitions.size();
    }

    /** How many partitions it would have after {@link #update}. */
    synchronized int sizeWith(List<FetchWish> changed, List<FetchWish.Key> forgotten) {
        if (forgotten.isEmpty()
                && changed.stream().allMatch(wish -> partitions.containsKey(wish.key()))) {
            return partitions.size();
        }
        Set<FetchWish.Key> keys = new HashSet<>(partitions.keySet());
        changed.forEach(wish -> keys.add(wish.key()));
        forgotten.forEach(keys::remove);
        return keys.size();
    }

    /** Takes in what a request changes. */
    synchronized void update(List<FetchWish> changed, List<FetchWish.Key> forgotten) {
        for (FetchWish wish : changed) {
            Partition known = partitions.get(wish.key());
            if (known == null) {
                partitions.put(wish.key(), new Partition(wish));
            } else {
                known.wish = wish;
            }
        }
        forgotten.forEach(partitions::remove);
    }

    /** The turn of the request that begins it. */
    synchronized FetchTurn.InSession first() {
        return new FetchTurn.InSession(this, nextEpoch, wishes(), true);
    }

    /** The turn of a request whose epoch is right. */
    synchronized FetchTurn.InSession next() {
        nextEpoch = nextEpoch == Integer.MAX_VALUE ? 1 : nextEpoch + 1;
        return new FetchTurn.InSession(this, nextEpoch, wishes(), false);
    }

    private List<FetchWish> wishes() {
        List<FetchWish> wishes = new ArrayList<>(partitions.size());
        for (Partition partition : partitions.values()) {
            wishes.add(partition.wish);
        }
        return wishes;
    }

    /**
     * Which entries of an answer are told, by index; empty when the session has gone on meanwhile,
     * which only a client that does not wait for its answers causes. Partitions whose records are
     * sent go to the end of the line, so that none starves when not all fit.
     *
     * @param entries one for each wish of the turn
     */
    synchronized Optional<BitSet> told(FetchTurn.InSession turn, List<PartitionData> entries) {
        if (turn.nextEpoch() != nextEpoch) {
            return Optional.empty();
        }
        BitSet told = new BitSet(entries.size());
        for (int i = 0; i < entries.size(); i++) {
            FetchWish.Key key = turn.wishes().get(i).key();
            Partition partition = Objects.requireNonNull(partitions.get(key));
            boolean news = partition.learns(entries.get(i));
            if (news || turn.everything()) {
                told.set(i);
            }
            if (entries.get(i).records().sizeInBytes() > 0) {
                partitions.putLast(key, partition);
            }
        }
        return Optional.of(told);
    }
}
