package io.mlog.broker.net;

import io.mlog.records.RecordsSlice;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A slice of bytes we know, with or without a file, that counts its releases. */
final class FakeSlice implements RecordsSlice {
    private final byte[] bytes;
    private final @Nullable FileChannel file;
    private final boolean broken;
    private final AtomicInteger releases = new AtomicInteger();

    private FakeSlice(byte[] bytes, @Nullable FileChannel file, boolean broken) {
        this.bytes = bytes;
        this.file = file;
        this.broken = broken;
    }

    static FakeSlice inMemory(byte[] bytes) {
        return new FakeSlice(bytes, null, false);
    }

    /** In a file after seven other bytes. */
    static FakeSlice inFile(byte[] bytes, Path path) throws IOException {
        FileChannel file =
                FileChannel.open(
                        path,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE);
        file.write(ByteBuffer.wrap("before ".getBytes(java.nio.charset.StandardCharsets.UTF_8)));
        file.write(ByteBuffer.wrap(bytes));
        return new FakeSlice(bytes, file, false);
    }

    static FakeSlice unreadable(int size) {
        return new FakeSlice(new byte[size], null, true);
    }

    int releases() {
        return releases.get();
    }

    boolean fileIsOpen() {
        return file != null && file.isOpen();
    }

    void closeFile() throws IOException {
        if (file != null) {
            file.close();
        }
    }

    @Override
    public int sizeBytes() {
        return bytes.length;
    }

    @Override
    public @Nullable FileChannel fileChannel() {
        return file;
    }

    @Override
    public long filePosition() {
        return 7;
    }

    @Override
    public void read(int from, ByteBuffer target) throws IOException {
        if (broken) {
            throw new IOException("sector 7 cannot be read");
        }
        target.put(bytes, from, Math.min(target.remaining(), bytes.length - from));
    }

    @Override
    public void load() {}

    @Override
    public void release() {
        releases.incrementAndGet();
    }
}
