package io.mlog.core.producer;

import io.mlog.model.ErrorCode;

/** What the sequences seen so far make of a batch. */
public sealed interface SequenceOutcome {
    /** It is the next one and may be appended. */
    record Accept() implements SequenceOutcome {
        static final Accept INSTANCE = new Accept();
    }

    /**
     * It was appended before, at these offsets; the producer is told so as if for the first time.
     */
    record Duplicate(long baseOffset, long lastOffset) implements SequenceOutcome {}

    /** It may not be appended. */
    record Refuse(ErrorCode error, String message) implements SequenceOutcome {}
}
