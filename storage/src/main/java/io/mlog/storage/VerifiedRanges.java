package io.mlog.storage;

import java.util.ArrayList;
import java.util.List;

/**
 * Which bytes of a segment this process knows to be right: those it wrote itself, from {@code
 * trustedFrom} on, and ranges whose checksums it checked. Any thread.
 *
 * <p>At most {@value #MOST} ranges are kept; at the bound the oldest is forgotten, which costs a
 * second check.
 */
final class VerifiedRanges {
    private static final int MOST = 64;

    private record Range(int from, int to) {
        boolean touches(Range other) {
            return from <= other.to && other.from <= to;
        }

        Range joined(Range other) {
            return new Range(Math.min(from, other.from), Math.max(to, other.to));
        }
    }

    private volatile int trustedFrom;
    private volatile List<Range> ranges = List.of();

    VerifiedRanges(int trustedFrom) {
        this.trustedFrom = trustedFrom;
    }

    boolean covers(int from, int to) {
        int trusted = trustedFrom;
        if (from >= trusted) {
            return true;
        }
        int needed = Math.min(to, trusted);
        for (Range range : ranges) {
            if (range.from <= from && needed <= range.to) {
                return true;
            }
        }
        return false;
    }

    synchronized void add(int from, int to) {
        Range merged = new Range(from, to);
        List<Range> next = new ArrayList<>(ranges.size() + 1);
        for (Range range : ranges) {
            if (range.touches(merged)) {
                merged = range.joined(merged);
            } else {
                next.add(range);
            }
        }
        next.add(merged);
        if (next.size() > MOST) {
            next.remove(0);
        }
        ranges = List.copyOf(next);
    }

    /** Nothing is known any more. */
    synchronized void forget() {
        trustedFrom = Integer.MAX_VALUE;
        ranges = List.of();
    }
}
