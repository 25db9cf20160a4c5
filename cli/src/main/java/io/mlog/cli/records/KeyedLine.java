package io.mlog.cli.records;

import io.mlog.protocol.Bytes;
import io.mlog.protocol.NewRecord;
import java.util.Arrays;
import java.util.Optional;

/** A line that holds a key, a separator and a value. */
final class KeyedLine {
    private KeyedLine() {}

    /** The record of a line, parted at the first separator; empty when there is none. */
    static Optional<NewRecord> split(Bytes line, byte[] separator) {
        byte[] array = line.array();
        int last = line.offset() + line.length() - separator.length;
        for (int i = line.offset(); i <= last; i++) {
            if (Arrays.equals(array, i, i + separator.length, separator, 0, separator.length)) {
                int valueStart = i + separator.length;
                return Optional.of(
                        NewRecord.of(
                                Bytes.of(array, line.offset(), i - line.offset()),
                                Bytes.of(
                                        array,
                                        valueStart,
                                        line.offset() + line.length() - valueStart)));
            }
        }
        return Optional.empty();
    }
}
