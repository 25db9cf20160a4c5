package io.mlog.records;

import java.io.OutputStream;
import java.util.Arrays;

/**
 * Bytes that grow up to a bound. Not thread-safe; its array changes when it grows, so take it anew
 * after each {@link #reserve}.
 */
final class GrowingBytes extends OutputStream {
    private final int initialBytes;
    private byte[] array;
    private int size;

    GrowingBytes(int initialBytes) {
        this.initialBytes = initialBytes;
        this.array = new byte[initialBytes];
    }

    byte[] array() {
        return array;
    }

    int size() {
        return size;
    }

    /** Sets the size to {@code newSize}, which must have been reserved. */
    void size(int newSize) {
        size = newSize;
    }

    /** Makes room for {@code more} bytes after the size, at least doubling when it has to grow. */
    void reserve(int more) {
        long needed = (long) size + more;
        if (needed > array.length) {
            array =
                    Arrays.copyOf(
                            array, (int) Math.max(needed, Math.min(2L * array.length, 1 << 30)));
        }
    }

    /** Empties it, giving memory back when it has grown beyond {@code keepBytes}. */
    void clear(int keepBytes) {
        size = 0;
        if (array.length > Math.max(keepBytes, initialBytes)) {
            array = new byte[initialBytes];
        }
    }

    @Override
    public void write(int b) {
        reserve(1);
        array[size++] = (byte) b;
    }

    @Override
    public void write(byte[] from, int offset, int length) {
        reserve(length);
        System.arraycopy(from, offset, array, size, length);
        size += length;
    }
}
