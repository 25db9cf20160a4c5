package io.mlog.storage;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Lists a partition directory's segments in offset order, after deleting what an earlier life left:
 * dropped segments, half-written replacements and indexes without a log; and after finishing what a
 * compaction had begun to put in place.
 */
final class SegmentListing {
    private final LogHome home;

    SegmentListing(LogHome home) {
        this.home = home;
    }

    List<SegmentFiles> read() throws IOException {
        SegmentSwap.finishAll(home);
        List<SegmentFiles> found = new ArrayList<>();
        Set<Long> bases = new HashSet<>();
        List<Path> files = home.store().list(home.directory());
        for (Path file : files) {
            OptionalLong base = SegmentFiles.number(file, "", SegmentFiles.LOG);
            if (base.isPresent()) {
                bases.add(base.getAsLong());
                found.add(home.files(base.getAsLong()));
            }
        }
        for (Path file : files) {
            if (isLeftOver(file, bases)) {
                home.store().delete(file);
            }
        }
        return found;
    }

    private static boolean isLeftOver(Path file, Set<Long> bases) {
        String name = String.valueOf(file.getFileName());
        if (name.endsWith(CheckedFile.TEMPORARY) || name.endsWith(SegmentFiles.DROPPED)) {
            return true;
        }
        OptionalLong index = SegmentFiles.number(file, "", SegmentFiles.INDEX);
        OptionalLong times = SegmentFiles.number(file, "", SegmentFiles.TIME_INDEX);
        return (index.isPresent() && !bases.contains(index.getAsLong()))
                || (times.isPresent() && !bases.contains(times.getAsLong()));
    }
}
