package io.mlog.storage;

import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * A few boundaries of a segment that were met lately: where reads and flushes ended, which is where
 * the next reads begin and end. Any thread; a newer boundary takes the place of an older one.
 */
final class Boundaries {
    private static final int SLOTS = 16;

    private final AtomicReferenceArray<@Nullable Boundary> slots =
            new AtomicReferenceArray<>(SLOTS);

    @Nullable Boundary at(long offset) {
        Boundary boundary = slots.get(slot(offset));
        return boundary != null && boundary.offset() == offset ? boundary : null;
    }

    void remember(Boundary boundary) {
        slots.setRelease(slot(boundary.offset()), boundary);
    }

    private static int slot(long offset) {
        return (int) ((offset * 0x9E37_79B9_7F4A_7C15L) >>> 60);
    }
}
