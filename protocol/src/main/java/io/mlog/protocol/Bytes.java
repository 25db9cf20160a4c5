package io.mlog.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Objects;

/**
 * A run of bytes with value equality: a record's key or value.
 *
 * <p>The bytes are not copied on the way in; whoever made the array must leave it alone from then
 * on.
 */
public final class Bytes {
    /** No bytes at all. */
    public static final Bytes EMPTY = new Bytes(new byte[0], 0, 0);

    private final byte[] array;
    private final int offset;
    private final int length;

    private Bytes(byte[] array, int offset, int length) {
        this.array = array;
        this.offset = offset;
        this.length = length;
    }

    /** The whole of {@code array}, not copied. */
    public static Bytes of(byte[] array) {
        return new Bytes(array, 0, array.length);
    }

    /**
     * {@code length} bytes of {@code array} from {@code offset} on, not copied.
     *
     * @throws IndexOutOfBoundsException when the array does not have them
     */
    public static Bytes of(byte[] array, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, array.length);
        return new Bytes(array, offset, length);
    }

    /** The text in UTF-8. */
    public static Bytes utf8(String text) {
        return of(text.getBytes(UTF_8));
    }

    /** How many bytes. */
    public int length() {
        return length;
    }

    /** The array that holds the bytes, from {@link #offset} on; to be read only. */
    public byte[] array() {
        return array;
    }

    /** Where in {@link #array} the bytes begin. */
    public int offset() {
        return offset;
    }

    /** A copy. */
    public byte[] toByteArray() {
        return Arrays.copyOfRange(array, offset, offset + length);
    }

    /** A read-only view. */
    public ByteBuffer asByteBuffer() {
        return ByteBuffer.wrap(array, offset, length).slice().asReadOnlyBuffer();
    }

    /** The bytes read as UTF-8; what is not UTF-8 becomes U+FFFD. */
    public String utf8() {
        return new String(array, offset, length, UTF_8);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Bytes that
                && Arrays.equals(
                        array,
                        offset,
                        offset + length,
                        that.array,
                        that.offset,
                        that.offset + that.length);
    }

    @Override
    public int hashCode() {
        return asByteBuffer().hashCode();
    }

    /** The text when it is short, else the length. */
    @Override
    public String toString() {
        return length <= 64 ? "'" + utf8() + "'" : length + " bytes";
    }
}
