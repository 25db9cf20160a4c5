package io.mlog.storage;

import java.util.Arrays;
import java.util.List;

/**
 * The segments of a log in offset order, the last one active. The log's writer changes the list by
 * replacing it; any thread takes a {@link #list} and works on that.
 */
final class LogSegments {
    private volatile Segment[] list;

    LogSegments(List<Segment> segments) {
        list = segments.toArray(new Segment[0]);
    }

    /** The segments at this moment; not to be changed. */
    Segment[] list() {
        return list;
    }

    Segment active() {
        Segment[] present = list;
        return present[present.length - 1];
    }

    void add(Segment segment) {
        Segment[] next = Arrays.copyOf(list, list.length + 1);
        next[next.length - 1] = segment;
        list = next;
    }

    void removeFirst(int count) {
        list = Arrays.copyOfRange(list, count, list.length);
    }

    /** Keeps the first {@code count}. */
    void keepFirst(int count) {
        list = Arrays.copyOf(list, count);
    }

    void replaceAll(Segment only) {
        list = new Segment[] {only};
    }

    /** Index of the last segment that begins at or below {@code offset}, -1 when none does. */
    static int floor(Segment[] segments, long offset) {
        int low = 0;
        int high = segments.length - 1;
        if (high >= 0 && segments[high].baseOffset() <= offset) {
            return high;
        }
        while (low <= high) {
            int middle = (low + high) >>> 1;
            if (segments[middle].baseOffset() <= offset) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return high;
    }

    static long sizeBytes(Segment[] segments) {
        long total = 0;
        for (Segment segment : segments) {
            total += segment.end().position();
        }
        return total;
    }
}
