package io.mlog.storage;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;

/**
 * Segments that left a log and wait for their readers. The writer adds them, which only renames;
 * the unlinking, which can take long, is done by whoever {@link #reap reaps}. Any thread.
 */
final class DroppedSegments {
    private record Dropped(Segment segment, boolean unlink) {}

    private final LogHome home;
    private final Deque<Dropped> waiting = new ArrayDeque<>();

    DroppedSegments(LogHome home) {
        this.home = home;
    }

    /** Takes a segment out of the directory: its name now, its bytes later. */
    void add(Segment segment) throws IOException {
        segment.files().renameAway(home.store());
        addRenamed(segment);
    }

    /** Takes a segment whose name was taken away already. */
    void addRenamed(Segment segment) {
        synchronized (waiting) {
            waiting.add(new Dropped(segment, true));
        }
    }

    /** Only closes the segment's file. */
    void addClosing(Segment segment) {
        synchronized (waiting) {
            waiting.add(new Dropped(segment, false));
        }
    }

    /** Closes and unlinks what no reader holds; true when nothing is left waiting. */
    boolean reap() {
        List<Dropped> closed = new ArrayList<>();
        boolean empty;
        synchronized (waiting) {
            for (Iterator<Dropped> all = waiting.iterator(); all.hasNext(); ) {
                Dropped next = all.next();
                if (next.segment().closeUnlessHeld()) {
                    all.remove();
                    closed.add(next);
                }
            }
            empty = waiting.isEmpty();
        }
        for (Dropped next : closed) {
            if (next.unlink()) {
                unlink(next.segment());
            }
        }
        return empty;
    }

    private void unlink(Segment segment) {
        try {
            segment.files().unlink(home.store());
        } catch (IOException e) {
            LogHealth.LOGGER.warn("cannot delete {}: {}", segment.path(), e.getMessage());
        }
    }
}
