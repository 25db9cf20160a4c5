package io.mlog.storage;

import java.util.ArrayList;
import java.util.List;

/** What a recovery has come to so far: its steps share and fill it. One thread. */
final class RecoveryNotes {
    final List<Segment> segments = new ArrayList<>();
    final List<Damage> damages = new ArrayList<>();
    LeaderEpochs epochs = LeaderEpochs.EMPTY;
    boolean clean;
    long scannedBytes;
    long cutBytes;
    private String cutReason = "";

    Segment lastSegment() {
        return segments.get(segments.size() - 1);
    }

    /** Offset after the last batch found so far. */
    long endOffset() {
        return lastSegment().end().offset();
    }

    void noteEpoch(BatchWalk walk) {
        epochs = epochs.with(walk.leaderEpoch(), walk.baseOffset());
    }

    /** The first reason is the one that is told. */
    void noteCut(String reason) {
        if (cutReason.isEmpty()) {
            cutReason = reason;
        }
    }

    RecoveryReport report() {
        return new RecoveryReport(clean, scannedBytes, cutBytes, cutReason, List.copyOf(damages));
    }
}
