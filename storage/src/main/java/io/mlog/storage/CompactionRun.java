package io.mlog.storage;

import io.mlog.model.MlogException;
import io.mlog.storage.CompactionReport.End;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * One compaction of a log, planned by {@link PartitionLog#compaction}: gathers the keys of the
 * dirty part, then writes the segments from the first on anew and puts each in the place of those
 * it was made from ({@link SegmentSwap}). Neighbours are joined up to {@code segment.bytes}.
 *
 * <p>Runs beside appends, reads, flushes and retention, on a thread that may block; one at a time
 * for a log. Older segments are done before younger ones, so that a tombstone never goes before
 * what it deletes.
 */
public final class CompactionRun {
    private final LogHome home;
    private final CompactionRange range;
    private final LogCompactor compactor;
    private final LogHealth health;
    private final SegmentSearch search;
    private final SegmentSwap swap;
    private long earliestHorizonMs = CleanedTo.NO_TOMBSTONES;

    CompactionRun(
            LogHome home,
            CompactionRange range,
            LogCompactor compactor,
            LogHealth health,
            SegmentSearch search,
            SegmentSwap swap) {
        this.home = home;
        this.range = range;
        this.compactor = compactor;
        this.health = health;
        this.search = search;
        this.swap = swap;
    }

    /**
     * Does it; once.
     *
     * @throws MlogException STORAGE_ERROR: the log is offline
     */
    public CompactionReport run(CompactionMemory memory, CompactionPace pace) {
        CompactionMeter meter = new CompactionMeter(pace);
        try {
            long reached = new DirtyKeys(range, memory, meter, search).gather();
            rewrite(reached, memory, meter);
            compactor.cleanedUpTo(new CleanedTo(reached, earliestHorizonMs), range.cuts());
            return report(End.DONE, "", memory, meter, reached == range.end());
        } catch (CompactionStoppedException e) {
            return report(End.STOPPED, String.valueOf(e.getMessage()), memory, meter, false);
        } catch (NoSpaceException e) {
            return report(End.DISK_FULL, String.valueOf(e.getMessage()), memory, meter, false);
        } catch (UncleanableException e) {
            return uncleanable(e.damage(), memory, meter);
        } catch (CorruptBatchException e) {
            health.damaged(e.damage());
            return uncleanable(e.damage(), memory, meter);
        } catch (MlogException e) {
            throw e;
        } catch (RuntimeException e) {
            LogHealth.LOGGER.error("compacting {} failed, a bug", home.topicPartition(), e);
            return failed(e, memory, meter);
        } catch (IOException e) {
            return failed(e, memory, meter);
        } finally {
            memory.trim();
        }
    }

    /** A file that cannot be read or written; or one of a log that was deleted meanwhile. */
    private CompactionReport failed(Exception e, CompactionMemory memory, CompactionMeter meter) {
        Optional<String> ended = health.offlineReason();
        if (ended.isPresent()) {
            return report(End.STOPPED, ended.get(), memory, meter, false);
        }
        Damage damage =
                new Damage(
                        home.directory().toString(),
                        0,
                        range.firstDirty(),
                        "a compaction that goes on to its end",
                        e.toString());
        return uncleanable(damage, memory, meter);
    }

    private CompactionReport uncleanable(
            Damage damage, CompactionMemory memory, CompactionMeter meter) {
        compactor.uncleanable(damage);
        return report(End.UNCLEANABLE, damage.toString(), memory, meter, false);
    }

    private static CompactionReport report(
            End end, String reason, CompactionMemory memory, CompactionMeter meter, boolean whole) {
        return new CompactionReport(
                end, reason, meter.readBytes(), meter.writtenBytes(), memory.keys().size(), whole);
    }

    private void rewrite(long reached, CompactionMemory memory, CompactionMeter meter)
            throws IOException,
                    CorruptBatchException,
                    UncleanableException,
                    CompactionStoppedException {
        List<Segment> all =
                range.segments().stream()
                        .filter(segment -> segment.baseOffset() < reached)
                        .toList();
        int next = 0;
        while (next < all.size()) {
            Segment first = all.get(next);
            try (SegmentGroup group =
                    SegmentGroup.begin(home, range, reached, memory, meter, first)) {
                do {
                    group.add(all.get(next++));
                } while (next < all.size() && group.fits(all.get(next)));
                long horizonMs = group.finish(swap);
                earliestHorizonMs = Math.min(earliestHorizonMs, horizonMs);
            }
            swap.reap();
        }
    }
}
