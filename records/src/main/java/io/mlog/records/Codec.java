package io.mlog.records;

import io.mlog.model.ErrorCode;
import io.mlog.model.MlogException;

/** How the records of a batch are compressed, by the number in the batch's attributes. */
public enum Codec {
    NONE(0),
    GZIP(1),
    SNAPPY(2),
    LZ4(3),
    ZSTD(4);

    private final int id;

    Codec(int id) {
        this.id = id;
    }

    /** The number in the low three bits of a batch's attributes. */
    public int id() {
        return id;
    }

    /**
     * The codec of a number.
     *
     * @throws MlogException UNSUPPORTED_COMPRESSION_TYPE when there is none
     */
    public static Codec of(int id) {
        return switch (id) {
            case 0 -> NONE;
            case 1 -> GZIP;
            case 2 -> SNAPPY;
            case 3 -> LZ4;
            case 4 -> ZSTD;
            default ->
                    throw new MlogException(
                            ErrorCode.UNSUPPORTED_COMPRESSION_TYPE,
                            "compression type "
                                    + id
                                    + " is not known; use 0 (none), 1 (gzip), 2 (snappy), 3 (lz4)"
                                    + " or 4 (zstd)");
        };
    }
}
