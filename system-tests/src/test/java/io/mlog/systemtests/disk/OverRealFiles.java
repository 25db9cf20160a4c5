package io.mlog.systemtests.disk;

import io.mlog.storage.FileStore;
import io.mlog.storage.RealFileStore;
import io.mlog.storage.StoreFile;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Real files; a disk that misbehaves overrides what it does differently. Any thread. */
abstract class OverRealFiles implements FileStore {
    final RealFileStore real = new RealFileStore();

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
    public void lastModifiedMs(Path file, long timeMs) throws IOException {
        real.lastModifiedMs(file, timeMs);
    }

    @Override
    public long usableBytes(Path path) {
        return real.usableBytes(path);
    }

    @Override
    public long totalBytes(Path path) {
        return real.totalBytes(path);
    }

    @Override
    public Closeable lock(Path file) throws IOException {
        return real.lock(file);
    }

    /** A real file; the same. */
    abstract static class OneFile implements StoreFile {
        final StoreFile real;

        OneFile(StoreFile real) {
            this.real = real;
        }

        @Override
        public long size() throws IOException {
            return real.size();
        }

        @Override
        public int read(ByteBuffer target, long position) throws IOException {
            return real.read(target, position);
        }

        @Override
        public void truncate(long size) throws IOException {
            real.truncate(size);
        }

        @Override
        public void force() throws IOException {
            real.force();
        }

        @Override
        public ByteBuffer map(long size) throws IOException {
            return real.map(size);
        }

        @Override
        public boolean isInMemory(long position, int bytes) throws IOException {
            return real.isInMemory(position, bytes);
        }

        @Override
        public @Nullable FileChannel channel() {
            return real.channel();
        }

        @Override
        public void close() throws IOException {
            real.close();
        }
    }
}
