package io.mlog.cluster.raft;

import io.mlog.cluster.raft.RaftFileContent.Damaged;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * Checks the metadata log in a directory that no node is using: checksums of its entries, that
 * their indexes go on from file to file, snapshots against their checksums, and that snapshot and
 * log meet. Changes nothing. One use, one thread; blocks.
 */
public final class RaftDirectoryCheck {
    private static final String SUM = ".md5";

    private final Path directory;
    private final Listener listener;
    private long nextIndex = -1;

    /** Hears what was found, as it goes on. */
    public interface Listener {
        /**
         * Something in a file is not what was written.
         *
         * @param torn whether it can be what a crash leaves and the next start mends
         */
        void damaged(Path file, long position, String expected, String found, boolean torn);
    }

    /**
     * @param directory that the metadata log was started with; may be missing
     */
    public RaftDirectoryCheck(Path directory, Listener listener) {
        this.directory = directory;
        this.listener = listener;
    }

    /**
     * Checks all of it.
     *
     * @return whether there is a log
     */
    public boolean run() throws IOException {
        boolean found = false;
        if (Files.isDirectory(directory)) {
            for (Path group : list(directory)) {
                Path current = group.resolve("current");
                if (Files.isDirectory(current)) {
                    checkGroup(current, group.resolve("sm"));
                    found = true;
                }
            }
        }
        return found;
    }

    private void checkGroup(Path current, Path snapshots) throws IOException {
        long newest = -1;
        for (RaftFile file : RaftFile.in(snapshots)) {
            check(file);
            if (file instanceof RaftFile.Snapshot snapshot) {
                newest = Math.max(newest, snapshot.index());
                checkSum(snapshot);
            }
        }
        nextIndex = -1;
        for (RaftFile file : RaftFile.in(current)) {
            if (file instanceof RaftFile.Log log) {
                checkContinuity(log, newest);
            }
            check(file);
        }
    }

    private void checkContinuity(RaftFile.Log log, long newestSnapshot) {
        boolean first = nextIndex < 0;
        boolean goesOn =
                first ? log.firstIndex() <= newestSnapshot + 1 : log.firstIndex() == nextIndex;
        if (!goesOn) {
            long expected = first ? newestSnapshot + 1 : nextIndex;
            tell(
                    log,
                    new Damaged(0, "entry " + expected, "a file from " + log.firstIndex(), false));
        }
        nextIndex = log.open() ? log.firstIndex() : log.lastIndex() + 1;
    }

    private void check(RaftFile file) {
        try {
            RaftFileReader.read(
                    file,
                    content -> {
                        if (content instanceof Damaged damaged) {
                            tell(file, damaged);
                        }
                    });
        } catch (IOException e) {
            tell(file, new Damaged(0, "a file that can be read", e.toString(), false));
        }
    }

    private void checkSum(RaftFile.Snapshot snapshot) throws IOException {
        Path file = snapshot.path().resolveSibling(snapshot.path().getFileName() + SUM);
        if (!Files.exists(file)) {
            // It is written behind the snapshot.
            tell(new RaftFile.SnapshotSum(file), new Damaged(0, "this file", "none", true));
            return;
        }
        String expected = md5(Files.readAllBytes(snapshot.path()));
        String found = Files.readString(file, StandardCharsets.ISO_8859_1);
        if (!found.toLowerCase(Locale.ROOT).startsWith(expected)) {
            tell(
                    new RaftFile.SnapshotSum(file),
                    new Damaged(0, "MD5 " + expected, found.strip(), false));
        }
    }

    private static String md5(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has MD5", e);
        }
    }

    private void tell(RaftFile file, Damaged damaged) {
        listener.damaged(
                file.path(),
                damaged.position(),
                damaged.expected(),
                damaged.found(),
                damaged.tornTail());
    }

    private static List<Path> list(Path directory) throws IOException {
        try (Stream<Path> children = Files.list(directory)) {
            return children.sorted().toList();
        }
    }
}
