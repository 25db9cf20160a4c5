package io.mlog.records;

/**
 * What {@link BatchCheck#whole} found at a place where a record batch should start. A value; the
 * caller decides whether it is a torn tail, corruption, or a client's mistake.
 */
public sealed interface BatchState {
    /** A whole batch v2 with a good checksum starts here. */
    record Whole() implements BatchState {
        static final Whole INSTANCE = new Whole();
    }

    /**
     * The bytes end before the batch does; nothing that is there is wrong.
     *
     * @param neededBytes size of the batch, or of the part of the header that says it
     * @param foundBytes bytes that are there
     */
    record Truncated(long neededBytes, int foundBytes) implements BatchState {}

    /**
     * The length field is one that no batch can have.
     *
     * @param leastBytes least value of the field
     * @param foundBytes its value
     */
    record BadLength(int leastBytes, int foundBytes) implements BatchState {}

    /** The magic byte is not {@link BatchHeader#MAGIC}. */
    record BadMagic(byte found) implements BatchState {}

    /**
     * The checksum does not hold.
     *
     * @param expected CRC-32C stored in the header, unsigned
     * @param found CRC-32C of the bytes, unsigned
     */
    record BadCrc(long expected, long found) implements BatchState {}

    /** Whether this is {@link Whole}. */
    default boolean isWhole() {
        return this instanceof Whole;
    }

    /** The finding as the end of a sentence, with its values. */
    default String describe() {
        return switch (this) {
            case Whole() -> "a whole batch";
            case Truncated(long needed, int found) ->
                    "cut short: needs " + needed + " bytes, has " + found;
            case BadLength(int least, int found) ->
                    "its length field is " + found + ", the least possible is " + least;
            case BadMagic(byte found) ->
                    "its magic byte is " + found + ", expected " + BatchHeader.MAGIC;
            case BadCrc(long expected, long found) ->
                    String.format("its checksum is 0x%08x, its bytes have 0x%08x", expected, found);
        };
    }
}
