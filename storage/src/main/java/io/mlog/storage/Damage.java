package io.mlog.storage;

/**
 * Something on disk that is not what was written.
 *
 * @param file path of the file
 * @param position where in the file, in bytes
 * @param offset record offset concerned, -1 when unknown
 * @param expected what should be there
 * @param found what is there
 */
public record Damage(String file, long position, long offset, String expected, String found) {
    /** One line with all values. */
    @Override
    public String toString() {
        return file
                + " at position "
                + position
                + (offset < 0 ? "" : " (offset " + offset + ")")
                + ": expected "
                + expected
                + ", found "
                + found;
    }
}
