package io.mlog.systemtests.history;

import java.util.Arrays;

/** Numbers kept by numbers that begin at 0 and are dense; 0 where nothing was kept. */
final class LongsByNumber {
    private long[] values = new long[1024];
    private long length;

    void put(long number, long value) {
        if (number >= values.length) {
            long larger = Math.max(number + 1, values.length * 2L);
            values = Arrays.copyOf(values, Math.toIntExact(larger));
        }
        values[(int) number] = value;
        length = Math.max(length, number + 1);
    }

    long at(long number) {
        return number < length ? values[(int) number] : 0;
    }

    /** One more than the largest number that was put. */
    long length() {
        return length;
    }
}
