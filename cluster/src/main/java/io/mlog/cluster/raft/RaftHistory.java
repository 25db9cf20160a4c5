package io.mlog.cluster.raft;

import io.mlog.cluster.raft.RaftFileContent.Entry;
import io.mlog.cluster.raft.RaftFileContent.Matter;
import io.mlog.core.metadata.MetadataImage;
import io.mlog.core.metadata.MetadataMachine;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What the metadata was before a file of the log: the newest snapshot below it and the entries
 * between, from the files beside it. Reads only; one use, one thread; blocks.
 */
public final class RaftHistory {
    private MetadataImage image = MetadataImage.EMPTY;
    private long next;

    private RaftHistory() {}

    /** The image before the file's first entry; empty when something of it is missing. */
    public static Optional<MetadataImage> before(RaftFile.Log file) throws IOException {
        Path current = file.path().toAbsolutePath().getParent();
        Path group = current == null ? null : current.getParent();
        if (current == null || group == null) {
            return Optional.empty();
        }
        RaftHistory history = new RaftHistory();
        history.begin(RaftFile.in(group.resolve("sm")), file.firstIndex());
        for (RaftFile each : RaftFile.in(current)) {
            if (each instanceof RaftFile.Log log && log.firstIndex() < file.firstIndex()) {
                history.replay(log, file.firstIndex());
            }
        }
        return history.next == file.firstIndex() ? Optional.of(history.image) : Optional.empty();
    }

    private void begin(List<RaftFile> files, long below) throws IOException {
        RaftFile.Snapshot newest = null;
        for (RaftFile each : files) {
            boolean newer =
                    each instanceof RaftFile.Snapshot snapshot
                            && snapshot.index() < below
                            && (newest == null || snapshot.index() > newest.index());
            if (newer) {
                newest = (RaftFile.Snapshot) each;
            }
        }
        if (newest != null) {
            long behind = newest.index() + 1;
            RaftFileReader.read(
                    newest,
                    content -> {
                        if (content instanceof RaftFileContent.Image(MetadataImage found)) {
                            image = found;
                            next = behind;
                        }
                    });
        }
    }

    private void replay(RaftFile.Log log, long below) throws IOException {
        RaftFileReader.read(
                log,
                content -> {
                    if (content instanceof Entry entry
                            && entry.index() == next
                            && entry.index() < below) {
                        next++;
                        if (entry.matter() instanceof Matter.Command(var command)) {
                            image = MetadataMachine.step(image, entry.index(), command).image();
                        }
                    }
                });
    }
}
