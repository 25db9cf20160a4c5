package io.mlog.simulation;

import io.mlog.broker.partition.LeaderStatus;
import io.mlog.broker.partition.Partition;
import io.mlog.records.RecordsSlice;
import io.mlog.storage.PartitionLog;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Looks after each event at one broker's replica of one partition. */
final class ReplicaWatch {
    private final SimulatedBroker broker;
    private final int index;
    private final Ledger ledger;
    private final Counts counts;
    private @Nullable Partition watched;
    private String who = "";
    private long highWatermark;
    private long logEnd;
    private int verified;

    ReplicaWatch(SimulatedBroker broker, int index, Ledger ledger, Counts counts) {
        this.broker = broker;
        this.index = index;
        this.ledger = ledger;
        this.counts = counts;
    }

    /**
     * Checks what concerns this replica alone.
     *
     * @return its state as a leader when it leads and its high watermark has risen
     */
    @Nullable LeaderStatus look() {
        BrokerLife life = broker.life();
        Partition present = life == null ? null : life.partition(index);
        if (present == null) {
            return null;
        }
        if (present != watched) {
            opened(present, broker.running().name());
        }
        cutOrGrown(present.log().logEndOffset());
        long now = present.highWatermark();
        if (now == highWatermark) {
            return null;
        }
        if (now < highWatermark) {
            throw new Violation(
                    "the high watermark of %s went back from %d to %d"
                            .formatted(who, highWatermark, now));
        }
        Optional<LeaderStatus> leading = present.leading();
        verify(present.log(), highWatermark, now, leading.isPresent());
        highWatermark = now;
        leading.ifPresent(this::checkEnough);
        return leading.orElse(null);
    }

    private void opened(Partition opened, String lifeName) {
        watched = opened;
        who = lifeName;
        verified = 0;
        logEnd = opened.log().logEndOffset();
        long promised = broker.safeOffsetOfLastLife(index);
        if (logEnd < promised) {
            throw new Violation(
                    "%s has %d records where its last life had %d on disk"
                            .formatted(who, logEnd, promised));
        }
        highWatermark = opened.highWatermark();
        verify(opened.log(), opened.log().logStartOffset(), highWatermark, false);
    }

    private void cutOrGrown(long end) {
        if (end < logEnd) {
            counts.one(Counts.Kind.TRUNCATIONS);
            if (end < highWatermark) {
                throw new Violation(
                        "%s is cut to %d below its high watermark %d"
                                .formatted(who, end, highWatermark));
            }
        }
        logEnd = end;
    }

    private void checkEnough(LeaderStatus leading) {
        if (leading.inSync() < leading.minInSync()) {
            throw new Violation(
                    "%s commits up to %d with %d in sync, it takes %d"
                            .formatted(who, highWatermark, leading.inSync(), leading.minInSync()));
        }
    }

    private void verify(PartitionLog log, long from, long to, boolean leads) {
        for (long next = from; next < to; ) {
            ByteBuffer batches = bytes(log.read(next, 1 << 20, to, true));
            if (!batches.hasRemaining()) {
                throw new Violation(
                        "%s has nothing at %d, below its high watermark %d"
                                .formatted(who, next, to));
            }
            verified = ledger.exposed(who, verified, batches, leads);
            next = Ledger.Batch.lastOf(batches).endOffset();
        }
    }

    /** Everything promised is here, and nothing else. */
    void checkWhole() {
        Partition present = watched;
        if (present == null || present.log().logEndOffset() != ledger.end()) {
            throw new Violation(
                    "%s ends at %d, everything below %d is committed"
                            .formatted(who, logEnd, ledger.end()));
        }
        verified = 0;
        verify(present.log(), present.log().logStartOffset(), logEnd, false);
    }

    static ByteBuffer bytes(RecordsSlice slice) {
        ByteBuffer bytes = ByteBuffer.allocate(slice.sizeBytes());
        try {
            slice.read(0, bytes);
        } catch (IOException failure) {
            throw new Violation("records cannot be read: " + failure, failure);
        } finally {
            slice.release();
        }
        return bytes.flip();
    }

    String who() {
        return who;
    }

    long highWatermark() {
        return highWatermark;
    }
}
