package io.mlog.storage;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The segments of a log in offset order, the last one active. The log's writer changes the list by
 * replacing it, and so does a compaction for closed segments; any thread takes a {@link #list} and
 * works on that.
 *
 * <p>Whoever takes closed segments away or puts others in their place holds {@link #closed} from
 * the first change of a file's name to the change of the list. It is taken before the flush lock.
 */
final class LogSegments {
    private final ReentrantLock closed = new ReentrantLock();
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

    /** Held while closed segments go or are replaced. */
    ReentrantLock closed() {
        return closed;
    }

    synchronized void add(Segment segment) {
        Segment[] next = Arrays.copyOf(list, list.length + 1);
        next[next.length - 1] = segment;
        list = next;
    }

    synchronized void removeFirst(int count) {
        list = Arrays.copyOfRange(list, count, list.length);
    }

    /** Keeps the first {@code count}. */
    synchronized void keepFirst(int count) {
        list = Arrays.copyOf(list, count);
    }

    synchronized void replaceAll(Segment only) {
        list = new Segment[] {only};
    }

    /** Whether these are closed segments of the log, one behind the other. */
    boolean holdsClosed(List<Segment> run) {
        Segment[] present = list;
        int first = indexOf(present, run.getFirst());
        if (first < 0 || first + run.size() >= present.length) {
            return false;
        }
        for (int i = 0; i < run.size(); i++) {
            if (present[first + i] != run.get(i)) {
                return false;
            }
        }
        return true;
    }

    /** Puts {@code one} in the place of a run that {@link #holdsClosed it holds}. */
    synchronized void replace(List<Segment> run, Segment one) {
        Segment[] present = list;
        int first = indexOf(present, run.getFirst());
        Segment[] next = new Segment[present.length - run.size() + 1];
        System.arraycopy(present, 0, next, 0, first);
        next[first] = one;
        int behind = first + run.size();
        System.arraycopy(present, behind, next, first + 1, present.length - behind);
        list = next;
    }

    private static int indexOf(Segment[] segments, Segment wanted) {
        for (int i = 0; i < segments.length; i++) {
            if (segments[i] == wanted) {
                return i;
            }
        }
        return -1;
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
