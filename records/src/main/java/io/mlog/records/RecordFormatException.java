package io.mlog.records;

/**
 * The bytes of a record are not a record; the reader adds which one and refuses. Never leaves this
 * package.
 */
final class RecordFormatException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    RecordFormatException(String finding) {
        super(finding, null, false, false);
    }
}
