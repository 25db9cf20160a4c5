package io.mlog.systemtests.history;

import io.mlog.systemtests.history.StoredBatches.Batch;
import io.mlog.systemtests.history.Violation.Kind;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Holds what replicas of a partition have on disk against each other, byte for byte. */
public final class Copies {
    private Copies() {}

    /**
     * Compares every copy with the first.
     *
     * @param directories the partition's directory of each replica, by the replica's name
     * @param highWatermark up to which they must be the same
     * @return at most one finding for each copy
     */
    public static List<Violation> compare(Map<String, Path> directories, long highWatermark)
            throws IOException {
        List<Violation> found = new ArrayList<>();
        Iterator<Map.Entry<String, Path>> copies = directories.entrySet().iterator();
        Map.Entry<String, Path> first = copies.next();
        while (copies.hasNext()) {
            Map.Entry<String, Path> other = copies.next();
            try (StoredBatches one = StoredBatches.of(first.getValue());
                    StoredBatches two = StoredBatches.of(other.getValue())) {
                difference(one, two, highWatermark)
                        .ifPresent(text ->
                                found.add(
                                        new Violation(
                                                Kind.COPIES_DIFFER,
                                                "%s of %s and of %s: %s"
                                                        .formatted(
                                                                other.getValue().getFileName(),
                                                                first.getKey(),
                                                                other.getKey(),
                                                                text))));
            }
        }
        return found;
    }

    private static Optional<String> difference(
            StoredBatches one, StoredBatches two, long highWatermark) throws IOException {
        for (long next = 0; next < highWatermark; ) {
            Optional<Batch> mine = one.next();
            Optional<Batch> theirs = two.next();
            if (mine.isEmpty() || theirs.isEmpty()) {
                return Optional.of(
                        "%s at offset %d, below the high watermark %d"
                                .formatted(
                                        mine.isEmpty() && theirs.isEmpty()
                                                ? "both end"
                                                : mine.isEmpty()
                                                        ? "the first ends"
                                                        : "the second ends",
                                        next,
                                        highWatermark));
            }
            if (mine.get().baseOffset() != next) {
                return Optional.of(
                        "the batch behind offset %d begins at %d"
                                .formatted(next, mine.get().baseOffset()));
            }
            int at = mine.get().bytes().mismatch(theirs.get().bytes());
            if (at >= 0) {
                return Optional.of(
                        "the batches at offset %d (%d bytes) and %d (%d bytes) differ from byte %d on"
                                .formatted(
                                        mine.get().baseOffset(),
                                        mine.get().bytes().remaining(),
                                        theirs.get().baseOffset(),
                                        theirs.get().bytes().remaining(),
                                        at));
            }
            next = mine.get().lastOffset() + 1;
        }
        return Optional.empty();
    }
}
