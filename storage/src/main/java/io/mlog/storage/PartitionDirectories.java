package io.mlog.storage;

import io.mlog.model.TopicId;
import io.mlog.model.TopicPartition;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The partitions' directories: {@code <topic>-<partition>}, each with a {@code partition.metadata}
 * that names the partition and its topic's id (see PartitionName). Directories without that file
 * are not this room's. The calls for one partition are the caller's to order.
 */
final class PartitionDirectories {
    static final String METADATA = "partition.metadata";
    static final String DELETED = ".deleted";
    static final String UNKNOWN = ".unknown";

    private final FileStore store;
    private final Path root;

    PartitionDirectories(FileStore store, Path root) {
        this.store = store;
        this.root = root;
    }

    /** Deletes what deletions of an earlier life left. */
    void deleteLeftOvers() throws IOException {
        for (Path path : store.list(root)) {
            if (path.toString().endsWith(DELETED) && isPartition(path)) {
                store.deleteTree(path);
            }
        }
    }

    List<FoundPartition> found() throws IOException {
        List<FoundPartition> found = new ArrayList<>();
        for (Path path : store.list(root)) {
            if (isInUse(path)) {
                PartitionName name = readName(store, path.resolve(METADATA), path);
                found.add(new FoundPartition(name.topicPartition(), name.topicId(), path));
            }
        }
        return found;
    }

    /** Whether it is a partition's, and neither deleted nor put aside. */
    boolean isInUse(Path path) {
        return isPartition(path) && !isOutOfUse(path);
    }

    /** Whether it is named as deleted or put aside. */
    static boolean isOutOfUse(Path path) {
        String name = String.valueOf(path.getFileName());
        return name.endsWith(DELETED) || name.contains(UNKNOWN + ".");
    }

    private boolean isPartition(Path path) {
        return store.isDirectory(path) && store.exists(path.resolve(METADATA));
    }

    /** Reads the name that a partition's directory must have. */
    static PartitionName readName(FileStore store, Path file, Path directory) throws IOException {
        PartitionName name = readName(store, file);
        if (!directory.endsWith(name.topicPartition().toString())) {
            throw CheckedFile.damaged(
                    file, 16, "the partition of its directory", name.topicPartition());
        }
        return name;
    }

    static PartitionName readName(FileStore store, Path file) throws IOException {
        ByteBuffer body = CheckedFile.read(store, file, FileKind.PARTITION_METADATA);
        try {
            return PartitionName.take(body);
        } catch (IllegalArgumentException e) {
            throw CheckedFile.damaged(file, 16, "a partition's name", e);
        }
    }

    /** Makes the directory of a new partition, durably. */
    FoundPartition create(TopicPartition partition, TopicId topicId) throws IOException {
        Path directory = root.resolve(partition.toString());
        if (isPartition(directory)) {
            throw new IOException(
                    directory + " exists already: it must be opened or set aside, not created");
        }
        store.createDirectories(directory);
        PartitionName name = new PartitionName(partition, topicId);
        ByteBuffer body = ByteBuffer.allocate(name.sizeBytes());
        name.put(body);
        CheckedFile.replace(
                store, directory.resolve(METADATA), FileKind.PARTITION_METADATA, body.flip());
        store.syncDirectory(root);
        return new FoundPartition(partition, topicId, directory);
    }

    /** Renames a directory so that it is neither used nor lost. */
    Path setAside(FoundPartition partition) throws IOException {
        return renameTo(partition.directory(), UNKNOWN + ".", "");
    }

    /** Renames a directory so that the next start deletes it, if this life does not. */
    Path markDeleted(Path directory) throws IOException {
        return renameTo(directory, ".", DELETED);
    }

    private Path renameTo(Path directory, String before, String after) throws IOException {
        int number = 0;
        Path target;
        do {
            target = root.resolve(directory.getFileName() + before + number++ + after);
        } while (store.exists(target));
        store.rename(directory, target);
        store.syncDirectory(root);
        return target;
    }

    /** Whether any partition is here. */
    boolean any() throws IOException {
        for (Path path : store.list(root)) {
            if (isPartition(path)) {
                return true;
            }
        }
        return false;
    }
}
