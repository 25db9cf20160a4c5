package io.mlog.simulation;

import io.mlog.records.BatchHeader;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;

/**
 * What the cluster has promised about one partition: every batch that was ever below a leader's
 * high watermark, by its bytes; what was acknowledged; which high watermarks were told. A promise
 * stands for ever, whoever leads later.
 */
final class Ledger {
    private final String name;
    private final List<Batch> committed = new ArrayList<>();
    private final Map<Long, Integer> nextSequences = new HashMap<>();
    private final List<Acknowledged> unchecked = new ArrayList<>();
    private final Map<Integer, Long> toldByEpoch = new HashMap<>();

    /** A batch below the high watermark. */
    record Batch(
            long baseOffset,
            long endOffset,
            int leaderEpoch,
            int sizeBytes,
            long checksum,
            long producerId,
            int baseSequence) {
        static Batch at(ByteBuffer bytes, int at) {
            int size = BatchHeader.sizeBytes(bytes, at);
            CRC32C checksum = new CRC32C();
            checksum.update(bytes.slice(at, size));
            return new Batch(
                    BatchHeader.baseOffset(bytes, at),
                    BatchHeader.lastOffset(bytes, at) + 1,
                    BatchHeader.leaderEpoch(bytes, at),
                    size,
                    checksum.getValue(),
                    BatchHeader.producerId(bytes, at),
                    BatchHeader.baseSequence(bytes, at));
        }

        static Batch lastOf(ByteBuffer bytes) {
            int at = bytes.position();
            for (int next = at; next < bytes.limit(); ) {
                at = next;
                next += BatchHeader.sizeBytes(bytes, at);
            }
            return at(bytes, at);
        }
    }

    private record Acknowledged(
            long baseOffset, long lastOffset, long producerId, int baseSequence) {}

    Ledger(String name) {
        this.name = name;
    }

    /** First offset of which nothing was promised. */
    long end() {
        return committed.isEmpty() ? 0 : committed.getLast().endOffset;
    }

    /** How many batches are promised. */
    int size() {
        return committed.size();
    }

    /**
     * Whole batches are below {@code who}'s high watermark: they must be those that were promised.
     *
     * @param from index of the first of them among all committed ones
     * @param mayAdd whether {@code who} leads: only then may there be more than was known
     * @return index of the next batch
     */
    int exposed(String who, int from, ByteBuffer batches, boolean mayAdd) {
        int index = from;
        for (int at = batches.position(); at < batches.limit(); ) {
            Batch found = Batch.at(batches, at);
            if (index < committed.size()) {
                same(who, committed.get(index), found);
            } else if (mayAdd) {
                add(who, found);
            } else {
                throw new Violation(
                        "%s of %s shows %s, but no leader has committed beyond %d"
                                .formatted(who, name, found, end()));
            }
            index++;
            at += found.sizeBytes;
        }
        return index;
    }

    private void same(String who, Batch promised, Batch found) {
        if (!found.equals(promised)) {
            throw new Violation(
                    "%s of %s has %s below its high watermark where %s was promised"
                            .formatted(who, name, found, promised));
        }
    }

    private void add(String who, Batch found) {
        if (found.baseOffset != end()) {
            throw new Violation(
                    "%s of %s commits %s after offset %d".formatted(who, name, found, end()));
        }
        if (found.producerId != BatchHeader.NO_PRODUCER_ID) {
            int expected = nextSequences.getOrDefault(found.producerId, 0);
            if (found.baseSequence != expected) {
                throw new Violation(
                        "%s of %s commits %s where sequence %d comes next: a duplicate or a gap"
                                .formatted(who, name, found, expected));
            }
            long count = found.endOffset - found.baseOffset;
            nextSequences.put(found.producerId, (int) (expected + count));
        }
        committed.add(found);
    }

    /** A consumer was given these batches, the first of which holds an offset it asked for. */
    void read(String who, ByteBuffer batches) {
        if (batches.hasRemaining()) {
            long first = BatchHeader.baseOffset(batches, batches.position());
            int index = indexOf(first);
            if (index < 0) {
                throw new Violation(
                        "%s of %s gave a consumer offset %d, but nothing beyond %d is committed"
                                .formatted(who, name, first, end()));
            }
            exposed(who, index, batches, false);
        }
    }

    /** A producer was told that everybody has its batch. */
    void acknowledged(long baseOffset, long lastOffset, long producerId, int baseSequence) {
        unchecked.add(new Acknowledged(baseOffset, lastOffset, producerId, baseSequence));
    }

    /** What was acknowledged in this event must be committed by now. */
    void checkAcknowledged() {
        if (unchecked.isEmpty()) {
            return;
        }
        for (Acknowledged each : unchecked) {
            int index = indexOf(each.baseOffset);
            Batch found = index < 0 ? null : committed.get(index);
            if (found == null
                    || found.baseOffset != each.baseOffset
                    || found.endOffset != each.lastOffset + 1
                    || found.producerId != each.producerId
                    || found.baseSequence != each.baseSequence) {
                throw new Violation(
                        "%s was acknowledged in %s, where %s is committed (up to %d)"
                                .formatted(each, name, found == null ? "nothing" : found, end()));
            }
        }
        unchecked.clear();
    }

    /**
     * A leader told somebody its high watermark: no leader of an earlier or this epoch may have
     * told more.
     */
    void told(String who, int leaderEpoch, long highWatermark) {
        toldByEpoch.forEach((epoch, most) -> {
            if (epoch <= leaderEpoch && most > highWatermark) {
                throw new Violation(
                        "%s of %s tells high watermark %d in leader epoch %d, after %d was told in epoch %d"
                                .formatted(who, name, highWatermark, leaderEpoch, most, epoch));
            }
        });
        toldByEpoch.merge(leaderEpoch, highWatermark, Math::max);
    }

    /** Index of the committed batch that holds {@code offset}, -1 when none does. */
    private int indexOf(long offset) {
        int low = 0;
        int high = committed.size() - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            Batch batch = committed.get(middle);
            if (offset < batch.baseOffset) {
                high = middle - 1;
            } else if (offset >= batch.endOffset) {
                low = middle + 1;
            } else {
                return middle;
            }
        }
        return -1;
    }
}
