package io.mlog.systemtests.disk;

import io.mlog.storage.StoreFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import org.jspecify.annotations.Nullable;

/** A real file whose changes can be undone until they are forced; a deaf one cannot be forced. */
final class LossyFile implements StoreFile {
    private final StoreFile real;
    private final ForgottenBytes.Inode undo;
    private final boolean deaf;

    LossyFile(StoreFile real, ForgottenBytes.Inode undo, boolean deaf) {
        this.real = real;
        this.undo = undo;
        this.deaf = deaf;
    }

    @Override
    public long size() throws IOException {
        return real.size();
    }

    @Override
    public void write(ByteBuffer source, long position) throws IOException {
        synchronized (undo) {
            undo.beforeWrite(real, position, source.remaining());
            real.write(source, position);
        }
    }

    @Override
    public int read(ByteBuffer target, long position) throws IOException {
        return real.read(target, position);
    }

    @Override
    public void truncate(long size) throws IOException {
        synchronized (undo) {
            undo.beforeCut(real, size);
            real.truncate(size);
        }
    }

    @Override
    public void force() throws IOException {
        if (!deaf) {
            undo.forced();
        }
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
