package io.mlog.systemtests.history;

/** Something that must never be seen, with its values. */
public record Violation(Kind kind, String text) {
    /** What was broken. */
    public enum Kind {
        /** An acknowledged record is not where the acknowledgement said. */
        LOST,
        /** An offset was seen to hold different records, or a record different offsets. */
        TWO_VALUES,
        /** Records of a producer stand in another order than it sent them in. */
        OUT_OF_ORDER,
        /** A record stands in the log twice. */
        DUPLICATE,
        /** A reader was given a record that is not in the log. */
        VANISHED,
        /** The log holds a record that nobody sent. */
        INVENTED,
        /** A reader was given an offset that does not follow the one before. */
        GAP,
        /** Two replicas differ below the high watermark. */
        COPIES_DIFFER
    }

    @Override
    public String toString() {
        return kind + ": " + text;
    }
}
