package io.mlog.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.OptionalLong;

/**
 * Brings a partition's producer state to the end of its log: the youngest snapshot, then the
 * headers of the batches behind it. Blocks; the log's writer, or before the log is handed out.
 */
final class ProducerReplay {
    private static final int WINDOW_BYTES = 256 << 10;

    private final ProducerSnapshots snapshots;
    private final SegmentSearch search;

    ProducerReplay(ProducerSnapshots snapshots, SegmentSearch search) {
        this.snapshots = snapshots;
        this.search = search;
    }

    /** Damaged batches are passed over to the next segment: they are not served either. */
    void run(Segment[] segments, long logStartOffset, ProducerState state) throws IOException {
        long end = segments[segments.length - 1].end().offset();
        snapshots.dropAbove(end);
        OptionalLong restored = snapshots.restore(end, state);
        long from = Math.max(restored.orElse(0), logStartOffset);
        int first = Math.max(0, LogSegments.floor(segments, from));
        for (int i = first; i < segments.length; i++) {
            replay(segments[i], Math.max(from, segments[i].baseOffset()), state);
        }
    }

    private void replay(Segment segment, long from, ProducerState state) throws IOException {
        Boundary end = segment.end();
        if (from >= end.offset()) {
            return;
        }
        ByteBuffer window = ByteBuffer.allocate(Math.min(WINDOW_BYTES, end.position()));
        try {
            Boundary at = search.locate(segment, from, segment.boundaries(), end);
            BatchWalk walk =
                    new BatchWalk(segment.file(), segment.path(), at, end.position(), window);
            while (walk.next()) {
                state.replay(walk.header(), 0);
            }
        } catch (CorruptBatchException e) {
            LogHealth.LOGGER.warn(
                    "producer state misses the batches behind damage: {}", e.damage());
        }
    }
}
