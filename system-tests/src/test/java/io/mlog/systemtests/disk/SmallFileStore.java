package io.mlog.systemtests.disk;

import io.mlog.storage.NoSpaceException;
import io.mlog.storage.StoreFile;
import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/**
 * Real files on what looks like a small disk, for machines on which no small file system can be
 * mounted. What others write to the directory counts, too, but only this store is held to the
 * limit. Any thread; one lock for writes.
 */
final class SmallFileStore extends OverRealFiles {
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

    /** A file that grows only as far as the disk allows. */
    private final class SmallFile extends OneFile {
        private final Path path;

        SmallFile(Path path, StoreFile real) {
            super(real);
            this.path = path;
        }

        @Override
        public void write(ByteBuffer source, long position) throws IOException {
            SmallFileStore.this.write(path, real, source, position);
        }
    }
}
