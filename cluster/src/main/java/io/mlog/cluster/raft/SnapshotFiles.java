package io.mlog.cluster.raft;

import io.mlog.core.metadata.ImageCodec;
import io.mlog.core.metadata.MetadataFormatException;
import io.mlog.core.metadata.MetadataImage;
import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import org.apache.ratis.io.MD5Hash;
import org.apache.ratis.server.protocol.TermIndex;
import org.apache.ratis.server.storage.FileInfo;
import org.apache.ratis.server.storage.RaftStorage;
import org.apache.ratis.statemachine.impl.SimpleStateMachineStorage;
import org.apache.ratis.statemachine.impl.SingleFileSnapshotInfo;
import org.apache.ratis.util.MD5FileUtil;

/**
 * Images on disk, one file per snapshot with a file of its MD5 beside it, as Ratis ships them to
 * nodes that are far behind. A file appears under its name only when it is whole and durable.
 */
final class SnapshotFiles {
    /** An image and the log entry it was taken after. */
    record Snapshot(MetadataImage image, TermIndex at) {}

    private final SimpleStateMachineStorage storage = new SimpleStateMachineStorage();

    SimpleStateMachineStorage storage() {
        return storage;
    }

    void open(RaftStorage raftStorage) throws IOException {
        storage.init(raftStorage);
    }

    /** The newest snapshot. */
    Optional<Snapshot> loadLatest() throws IOException {
        SingleFileSnapshotInfo info = storage.loadLatestSnapshot();
        if (info == null) {
            return Optional.empty();
        }
        File file = info.getFile().getPath().toFile();
        byte[] bytes = Files.readAllBytes(file.toPath());
        try {
            return Optional.of(
                    new Snapshot(
                            ImageCodec.decode(ByteBuffer.wrap(bytes)),
                            SimpleStateMachineStorage.getTermIndexFromSnapshotFile(file)));
        } catch (MetadataFormatException e) {
            throw new IOException(file + ": " + e.getMessage(), e);
        }
    }

    /** Writes a snapshot; durable when this returns. */
    void write(Snapshot snapshot) throws IOException {
        TermIndex at = snapshot.at();
        Path file = storage.getSnapshotFile(at.getTerm(), at.getIndex()).toPath();
        Path unfinished = file.resolveSibling(file.getFileName() + ".unfinished");
        try {
            writeDurably(unfinished, ImageCodec.encode(snapshot.image()));
        } catch (IOException e) {
            unfinished.toFile().delete();
            throw e;
        }
        Files.move(
                unfinished,
                file,
                StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING);
        MD5Hash md5 = MD5FileUtil.computeAndSaveMd5ForFile(file.toFile());
        try (FileChannel directory = FileChannel.open(file.toAbsolutePath().getParent())) {
            directory.force(true);
        }
        storage.updateLatestSnapshot(
                new SingleFileSnapshotInfo(new FileInfo(file, md5), at.getTerm(), at.getIndex()));
    }

    private static void writeDurably(Path path, byte[] bytes) throws IOException {
        try (FileChannel channel =
                FileChannel.open(
                        path,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.TRUNCATE_EXISTING,
                        StandardOpenOption.WRITE)) {
            ByteBuffer buffer = ByteBuffer.wrap(bytes);
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
            channel.force(true);
        }
    }
}
