package io.mlog.systemtests.disk;

import io.mlog.storage.StoreFile;
import java.io.IOException;
import java.nio.ByteBuffer;

/** A real file whose changes can be undone until they are forced; a deaf one cannot be forced. */
final class LossyFile extends OverRealFiles.OneFile {
    private final ForgottenBytes.Inode undo;
    private final boolean deaf;

    LossyFile(StoreFile real, ForgottenBytes.Inode undo, boolean deaf) {
        super(real);
        this.undo = undo;
        this.deaf = deaf;
    }

    @Override
    public void write(ByteBuffer source, long position) throws IOException {
        synchronized (undo) {
            undo.beforeWrite(real, position, source.remaining());
            real.write(source, position);
        }
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
}
