package io.mlog.systemtests.disk;

import io.mlog.storage.FileStore;
import io.mlog.storage.NoSpaceException;
import io.mlog.storage.RealFileStore;
import io.mlog.storage.StoreFile;
import java.io.Closeable;
import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Real files on what looks like a small disk, for machines on which no small file system can be
 * mounted. What others write to the directory counts, too, but only this store is held to the
 * limit. Any thread; one lock for writes.
 */
final class SmallFileStore implements FileStore {
    private final RealFileStore real = new RealFileStore();
    private final Path root;
    private final long capacityBytes;

    SmallFileStore(Path root, long capacityBytes) {
        this.root = root;
        this.capacityBytes = capacityBytes;
    }

    @Override
    public StoreFile open(Path file, Open how) throws IOException {
        if (how == Open.CREATE && usableBytes(file) <= 0) {
            throw new NoSpaceException("no space left to write " + file);
        }
        return new SmallFile(file, real.open(file, how));
    }

    @Override
    public long usableBytes(Path path) {
        return Math.max(0, capacityBytes - sizeOf(root.toFile()));
    }

    /** What vanishes while it is looked at counts as nothing. */
    private static long sizeOf(File file) {
        File[] children = file.listFiles();
        if (children == null) {
            return file.length();
        }
        long sum = 0;
        for (File child : children) {
            sum += sizeOf(child);
        }
        return sum;
    }

    private synchronized void write(Path path, StoreFile file, ByteBuffer source, long position)
            throws IOException {
        long growth = Math.max(0, position + source.remaining() - file.size());
        long missing = growth == 0 ? 0 : growth - usableBytes(path);
        if (missing <= 0) {
            file.write(source, position);
            return;
        }
        int fits = (int) Math.max(0, source.remaining() - missing);
        file.write(source.duplicate().limit(source.position() + fits), position);
        throw new NoSpaceException("no space left to write " + path);
    }

    @Override
    public boolean exists(Path path) {
        return real.exists(path);
    }

    @Override
    public boolean isDirectory(Path path) {
        return real.isDirectory(path);
    }

    @Override
    public List<Path> list(Path directory) throws IOException {
        return real.list(directory);
    }

    @Override
    public void createDirectories(Path directory) throws IOException {
        real.createDirectories(directory);
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
        real.rename(from, to);
    }

    @Override
    public void delete(Path path) throws IOException {
        real.delete(path);
    }

    @Override
    public void syncDirectory(Path directory) throws IOException {
        real.syncDirectory(directory);
    }

    @Override
    public long lastModifiedMs(Path file) throws IOException {
        return real.lastModifiedMs(file);
    }

    @Override
    public Closeable lock(Path file) throws IOException {
        return real.lock(file);
    }

    /** A file that grows only as far as the disk allows. */
    private final class SmallFile implements StoreFile {
        private final Path path;
        private final StoreFile file;

        SmallFile(Path path, StoreFile file) {
            this.path = path;
            this.file = file;
        }

        @Override
        public long size() throws IOException {
            return file.size();
        }

        @Override
        public void write(ByteBuffer source, long position) throws IOException {
            SmallFileStore.this.write(path, file, source, position);
        }

        @Override
        public int read(ByteBuffer target, long position) throws IOException {
            return file.read(target, position);
        }

        @Override
        public void truncate(long size) throws IOException {
            file.truncate(size);
        }

        @Override
        public void force() throws IOException {
            file.force();
        }

        @Override
        public ByteBuffer map(long size) throws IOException {
            return file.map(size);
        }

        @Override
        public boolean isInMemory(long position, int bytes) throws IOException {
            return file.isInMemory(position, bytes);
        }

        @Override
        public @Nullable FileChannel channel() {
            return file.channel();
        }

        @Override
        public void close() throws IOException {
            file.close();
        }
    }
}
