package io.mlog.cluster.raft;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The files of the metadata log by their names, for people who look into them. */
public sealed interface RaftFile {
    /** The file. */
    Path path();

    /**
     * A run of log entries.
     *
     * @param firstIndex of its first entry
     * @param lastIndex of its last entry; -1 while it may grow, so that a crash may tear its end
     */
    record Log(Path path, long firstIndex, long lastIndex) implements RaftFile {
        /** Whether it may still grow. */
        public boolean open() {
            return lastIndex < 0;
        }
    }

    /** An image, taken after the entry of that term and index. */
    record Snapshot(Path path, long term, long index) implements RaftFile {}

    /** The checksum of a snapshot. */
    record SnapshotSum(Path path) implements RaftFile {}

    /** The node's term and vote. */
    record Vote(Path path) implements RaftFile {}

    /** The voters as they were last committed here. */
    record LastVoters(Path path) implements RaftFile {}

    /** Which one it is by its name; empty when none. */
    static Optional<RaftFile> of(Path path) {
        String name = String.valueOf(path.getFileName());
        return switch (name) {
            case "raft-meta" -> Optional.of(new Vote(path));
            case "raft-meta.conf" -> Optional.of(new LastVoters(path));
            default -> numbered(path, name);
        };
    }

    /** Those of a directory that may be missing; logs in the order of their entries. */
    static List<RaftFile> in(Path directory) throws IOException {
        List<RaftFile> files = new ArrayList<>();
        if (Files.isDirectory(directory)) {
            try (Stream<Path> children = Files.list(directory)) {
                children.sorted().forEach(path -> of(path).ifPresent(files::add));
            }
        }
        files.sort(
                Comparator.comparingLong(file -> file instanceof Log log ? log.firstIndex() : -1));
        return files;
    }

    private static Optional<RaftFile> numbered(Path path, String name) {
        Matcher log =
                Pattern.compile("log_(?:inprogress_(\\d{1,18})|(\\d{1,18})-(\\d{1,18}))")
                        .matcher(name);
        Matcher snapshot =
                Pattern.compile("snapshot\\.(\\d{1,18})_(\\d{1,18})(\\.md5)?").matcher(name);
        if (log.matches()) {
            return Optional.of(
                    log.group(1) != null
                            ? new Log(path, Long.parseLong(log.group(1)), -1)
                            : new Log(
                                    path,
                                    Long.parseLong(log.group(2)),
                                    Long.parseLong(log.group(3))));
        }
        if (snapshot.matches()) {
            return Optional.of(
                    snapshot.group(3) != null
                            ? new SnapshotSum(path)
                            : new Snapshot(
                                    path,
                                    Long.parseLong(snapshot.group(1)),
                                    Long.parseLong(snapshot.group(2))));
        }
        return Optional.empty();
    }
}
