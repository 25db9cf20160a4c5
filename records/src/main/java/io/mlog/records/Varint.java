package io.mlog.records;

import java.nio.ByteBuffer;

/** Zigzag varints, as the records of a batch have them: seven bits a byte, least first. */
final class Varint {
    private static final int MOST_INT_BYTES = 5;
    private static final int MOST_LONG_BYTES = 10;

    private Varint() {}

    static int sizeBytes(int value) {
        int zigzag = (value << 1) ^ (value >> 31);
        return (38 - Integer.numberOfLeadingZeros(zigzag | 1)) / 7;
    }

    static int sizeBytes(long value) {
        long zigzag = (value << 1) ^ (value >> 63);
        return (70 - Long.numberOfLeadingZeros(zigzag | 1)) / 7;
    }

    /** Writes at index {@code at}; returns the index after it. */
    static int put(byte[] bytes, int at, int value) {
        return putUnsigned(bytes, at, ((value << 1) ^ (value >> 31)) & 0xFFFF_FFFFL);
    }

    /** Writes at index {@code at}; returns the index after it. */
    static int put(byte[] bytes, int at, long value) {
        return putUnsigned(bytes, at, (value << 1) ^ (value >> 63));
    }

    private static int putUnsigned(byte[] bytes, int at, long zigzag) {
        int next = at;
        long rest = zigzag;
        while ((rest & ~0x7FL) != 0) {
            bytes[next++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        bytes[next++] = (byte) rest;
        return next;
    }

    /** Reads at the position, moving it. */
    static int readInt(ByteBuffer from) {
        long zigzag = readUnsigned(from, MOST_INT_BYTES);
        if (zigzag >>> 32 != 0) {
            throw new RecordFormatException("a varint of more than 32 bits");
        }
        int bits = (int) zigzag;
        return (bits >>> 1) ^ -(bits & 1);
    }

    /** Reads at the position, moving it. */
    static long readLong(ByteBuffer from) {
        long zigzag = readUnsigned(from, MOST_LONG_BYTES);
        return (zigzag >>> 1) ^ -(zigzag & 1);
    }

    private static long readUnsigned(ByteBuffer from, int mostBytes) {
        long bits = 0;
        for (int i = 0; i < mostBytes; i++) {
            if (!from.hasRemaining()) {
                throw new RecordFormatException("the bytes end inside a varint");
            }
            byte next = from.get();
            bits |= (next & 0x7FL) << (7 * i);
            if (next >= 0) {
                return bits;
            }
        }
        throw new RecordFormatException("a varint of more than " + mostBytes + " bytes");
    }
}
