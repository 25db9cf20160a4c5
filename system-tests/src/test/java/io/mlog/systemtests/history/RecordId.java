package io.mlog.systemtests.history;

import java.nio.charset.StandardCharsets;

/**
 * What makes a record of a test unlike every other one: who wrote it, and as its how manieth. It
 * travels as the record's value.
 *
 * @param writer 0 to {@value #MOST_WRITERS} - 1
 * @param number from 0, rising; a writer that spreads its records leaves gaps in a partition
 */
public record RecordId(int writer, long number) {
    static final int MOST_WRITERS = 1 << 15;
    private static final int NUMBER_BITS = 47;
    private static final int LONGEST_FILLING = 200;

    public RecordId {
        if (writer < 0 || writer >= MOST_WRITERS || number < 0 || number >>> NUMBER_BITS != 0) {
            throw new IllegalArgumentException(
                    "writer %d and number %d are out of range".formatted(writer, number));
        }
    }

    /** The value of this record; lengths vary. */
    public String text() {
        return writer + "-" + number + " ".repeat((int) (number % LONGEST_FILLING));
    }

    /** {@link #text} in ASCII. */
    public byte[] bytes() {
        return text().getBytes(StandardCharsets.US_ASCII);
    }

    /** The record whose value this is. */
    public static RecordId of(byte[] value) {
        return of(new String(value, StandardCharsets.US_ASCII));
    }

    /** The record whose text this is. */
    public static RecordId of(String text) {
        int dash = text.indexOf('-');
        if (dash < 0) {
            throw new IllegalArgumentException("'%s' is no record of a test".formatted(text));
        }
        return new RecordId(
                Integer.parseInt(text.substring(0, dash)),
                Long.parseLong(text.substring(dash + 1).strip()));
    }

    /** Above 0, and another one for each record. */
    long packed() {
        return ((long) writer << NUMBER_BITS | number) + 1;
    }

    static RecordId unpacked(long packed) {
        long bits = packed - 1;
        return new RecordId((int) (bits >>> NUMBER_BITS), bits & (1L << NUMBER_BITS) - 1);
    }

    @Override
    public String toString() {
        return writer + "-" + number;
    }
}
