package io.mlog.storage;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;

/**
 * Names of a segment's files: its base offset in 20 digits and what they hold.
 *
 * @param directory of the partition
 * @param baseOffset of the segment
 * @param stage ending of a segment that does not count yet: {@link #CLEANED}, {@link #SWAP}; else
 *     empty
 */
record SegmentFiles(Path directory, long baseOffset, String stage) {
    static final String LOG = ".log";
    static final String INDEX = ".idx";
    static final String TIME_INDEX = ".timeidx";
    static final String DROPPED = ".deleted";

    /** Being written by a compaction. */
    static final String CLEANED = ".cleaned";

    /** Written and durable, about to take the place of the segments it was made from. */
    static final String SWAP = ".swap";

    SegmentFiles(Path directory, long baseOffset) {
        this(directory, baseOffset, "");
    }

    Path log() {
        return path(LOG);
    }

    Path index() {
        return path(INDEX);
    }

    Path timeIndex() {
        return path(TIME_INDEX);
    }

    private Path path(String ending) {
        return directory.resolve(digits(baseOffset) + ending + stage);
    }

    /** The same segment's files at another stage. */
    SegmentFiles at(String otherStage) {
        return new SegmentFiles(directory, baseOffset, otherStage);
    }

    /**
     * Gives the log a name under which the next start would not use it, and deletes the indexes, so
     * that a new segment may have this base offset.
     */
    void renameAway(FileStore store) throws IOException {
        store.rename(log(), dropped());
        store.delete(index());
        store.delete(timeIndex());
    }

    /** Unlinks what {@link #renameAway} left. */
    void unlink(FileStore store) throws IOException {
        store.delete(dropped());
    }

    private Path dropped() {
        return log().resolveSibling(log().getFileName() + DROPPED);
    }

    /** The segments of a stage in a directory, in offset order. */
    static List<SegmentFiles> list(FileStore store, Path directory, String stage)
            throws IOException {
        List<SegmentFiles> found = new ArrayList<>();
        for (Path file : store.list(directory)) {
            number(file, "", LOG + stage)
                    .ifPresent(base -> found.add(new SegmentFiles(directory, base, stage)));
        }
        return found;
    }

    static String digits(long offset) {
        return String.format(Locale.ROOT, "%020d", offset);
    }

    /** The number of a file named by 20 digits and this ending, empty for any other. */
    static OptionalLong number(Path file, String prefix, String ending) {
        String name = String.valueOf(file.getFileName());
        boolean shaped =
                name.length() == prefix.length() + 20 + ending.length()
                        && name.startsWith(prefix)
                        && name.endsWith(ending);
        if (!shaped) {
            return OptionalLong.empty();
        }
        try {
            long number = Long.parseLong(name.substring(prefix.length(), prefix.length() + 20));
            return number < 0 ? OptionalLong.empty() : OptionalLong.of(number);
        } catch (NumberFormatException e) {
            return OptionalLong.empty();
        }
    }
}
