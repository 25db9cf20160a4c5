package io.mlog.storage;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** One file of {@link RealFileStore}. */
final class RealStoreFile implements StoreFile {
    private final Path path;
    private final FileChannel channel;

    RealStoreFile(Path path, FileChannel channel) {
        this.path = path;
        this.channel = channel;
    }

    @Override
    public long size() throws IOException {
        return channel.size();
    }

    @Override
    public void write(ByteBuffer source, long position) throws IOException {
        long at = position;
        try {
            while (source.hasRemaining()) {
                at += channel.write(source, at);
            }
        } catch (IOException e) {
            throw named(path, source.remaining(), e);
        }
    }

    @Override
    public int read(ByteBuffer target, long position) throws IOException {
        int total = 0;
        while (target.hasRemaining()) {
            int count = channel.read(target, position + total);
            if (count < 0) {
                return total;
            }
            total += count;
        }
        return total;
    }

    @Override
    public void truncate(long size) throws IOException {
        channel.truncate(size);
    }

    @Override
    public void force() throws IOException {
        channel.force(false);
    }

    @Override
    public ByteBuffer map(long size) throws IOException {
        return channel.map(FileChannel.MapMode.READ_ONLY, 0, size);
    }

    /** Asks the kernel which pages it holds (mincore); the mapping touches none of them. */
    @Override
    public boolean isInMemory(long position, int bytes) throws IOException {
        if (bytes == 0) {
            return true;
        }
        try (Arena arena = Arena.ofConfined()) {
            return channel.map(FileChannel.MapMode.READ_ONLY, position, bytes, arena).isLoaded();
        }
    }

    @Override
    public FileChannel channel() {
        return channel;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    /**
     * The same failure, as a {@link NoSpaceException} when that is what it was. The system's words
     * may be translated, so what is left of the disk decides where they are not recognized.
     */
    static IOException named(Path path, int wantedBytes, IOException e) {
        if (e instanceof NoSuchFileException || e instanceof FileAlreadyExistsException) {
            return e;
        }
        String words = String.valueOf(e.getMessage());
        boolean full =
                words.contains("No space left on device")
                        || words.contains("Disk quota exceeded")
                        || usable(path) < wantedBytes;
        return full ? new NoSpaceException("no space left to write " + path, e) : e;
    }

    private static long usable(Path path) {
        Path parent = path.toAbsolutePath().getParent();
        return parent == null ? Long.MAX_VALUE : parent.toFile().getUsableSpace();
    }
}
