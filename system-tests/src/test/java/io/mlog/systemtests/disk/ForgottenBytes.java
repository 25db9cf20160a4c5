package io.mlog.systemtests.disk;

import io.mlog.storage.StoreFile;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * How to undo what was written to files and not forced: one journal a file, named by its inode, so
 * that it follows the file when that is renamed. A journal holds the size at the last force (8
 * bytes), then images of what was overwritten or cut since: position (8), length (4), bytes.
 */
final class ForgottenBytes {
    private final Path journals;
    private final Map<Long, Inode> inodes = new ConcurrentHashMap<>();

    ForgottenBytes(Path journals) {
        this.journals = journals;
    }

    /** What is known about the file that has this name now. */
    Inode of(Path file) throws IOException {
        return inodes.computeIfAbsent(
                inode(file), number -> new Inode(journals.resolve(Long.toString(number))));
    }

    /** The last name of a file is about to go: another file may get its inode. */
    void gone(Path file) throws IOException {
        Inode known = inodes.remove(inode(file));
        if (known != null) {
            known.forced();
        }
    }

    private static long inode(Path file) throws IOException {
        return (Long) Files.getAttribute(file, "unix:ino");
    }

    /** One file. Guarded by itself. */
    static final class Inode {
        private final Path path;
        private @Nullable FileChannel journal;
        private long forcedSize;

        private Inode(Path path) {
            this.path = path;
        }

        void beforeWrite(StoreFile file, long position, int length) throws IOException {
            FileChannel open = begin(file);
            keep(open, file, position, position + length);
        }

        void beforeCut(StoreFile file, long size) throws IOException {
            FileChannel open = begin(file);
            keep(open, file, size, Long.MAX_VALUE);
        }

        /** Nothing can be undone any more. */
        synchronized void forced() throws IOException {
            FileChannel open = journal;
            if (open != null) {
                journal = null;
                open.close();
                Files.delete(path);
            }
        }

        private FileChannel begin(StoreFile file) throws IOException {
            FileChannel open = journal;
            if (open == null) {
                forcedSize = file.size();
                open =
                        FileChannel.open(
                                path,
                                StandardOpenOption.CREATE,
                                StandardOpenOption.TRUNCATE_EXISTING,
                                StandardOpenOption.WRITE);
                journal = open;
                write(open, ByteBuffer.allocate(Long.BYTES).putLong(forcedSize).flip());
            }
            return open;
        }

        /** Keeps what the disk has between two positions, as far as it is to be kept. */
        private void keep(FileChannel open, StoreFile file, long from, long to) throws IOException {
            long end = Math.min(to, Math.min(forcedSize, file.size()));
            if (end <= from) {
                return;
            }
            ByteBuffer image = ByteBuffer.allocate(12 + Math.toIntExact(end - from));
            image.putLong(from).putInt((int) (end - from));
            file.read(image, from);
            write(open, image.flip());
        }

        private static void write(FileChannel open, ByteBuffer bytes) throws IOException {
            while (bytes.hasRemaining()) {
                open.write(bytes);
            }
        }
    }

    /**
     * Undoes what is in the journals to the files below these directories.
     *
     * @return the bytes by which files became shorter
     */
    long undo(List<Path> directories) throws IOException {
        long lost = 0;
        Map<String, Path> files = new HashMap<>();
        for (Path directory : directories) {
            if (Files.isDirectory(directory)) {
                try (Stream<Path> all = Files.walk(directory)) {
                    for (Path file : all.filter(Files::isRegularFile).toList()) {
                        files.put(Long.toString(inode(file)), file);
                    }
                }
            }
        }
        for (Path journal : list(journals)) {
            Path file = files.get(String.valueOf(journal.getFileName()));
            if (file != null && Files.size(journal) >= Long.BYTES) {
                lost += undo(file, journal);
            }
            Files.delete(journal);
        }
        return lost;
    }

    private record Image(long position, byte[] bytes) {}

    private static long undo(Path file, Path journal) throws IOException {
        Deque<Image> newestFirst = new ArrayDeque<>();
        long size;
        try (DataInputStream in =
                new DataInputStream(new BufferedInputStream(Files.newInputStream(journal)))) {
            size = in.readLong();
            while (in.available() >= 12) {
                long position = in.readLong();
                // A kill may have cut the last image: then its change was not begun.
                byte[] bytes = in.readNBytes(in.readInt());
                newestFirst.addFirst(new Image(position, bytes));
            }
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            long before = channel.size();
            for (Image image : newestFirst) {
                ByteBuffer bytes = ByteBuffer.wrap(image.bytes());
                for (long at = image.position(); bytes.hasRemaining(); ) {
                    at += channel.write(bytes, at);
                }
            }
            channel.truncate(size);
            return Math.max(0, before - size);
        }
    }

    private static List<Path> list(Path directory) throws IOException {
        try (Stream<Path> children = Files.list(directory)) {
            return new ArrayList<>(children.toList());
        }
    }
}
