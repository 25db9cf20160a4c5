package io.mlog.core.metadata;

import io.mlog.core.metadata.CommandResult.Outcome;
import io.mlog.core.metadata.CommandResult.Refused;
import io.mlog.model.ErrorCode;
import io.mlog.model.MlogException;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

/** What a command comes to against one image, before anything has changed. */
sealed interface Decision {
    /**
     * The command holds.
     *
     * @param records facts to replay, possibly none
     * @param outcome what the submitter is told, from the image after the replay
     */
    record Accepted(List<MetadataRecord> records, Function<MetadataImage, Outcome> outcome)
            implements Decision {}

    /** The command does not hold. */
    record Rejected(Refused refusal) implements Decision {}

    /** Accepts with nothing to tell. */
    static Decision accept(List<MetadataRecord> records) {
        return new Accepted(records, after -> new Outcome.Nothing());
    }

    /** Accepts and tells the topic as it is afterwards. */
    static Decision acceptTopic(String name, List<MetadataRecord> records) {
        return new Accepted(records, after -> new Outcome.Topic(after.topic(name).orElseThrow()));
    }

    /** What {@code decider} decides, its {@link MlogException} being a refusal. */
    static Decision of(Supplier<Decision> decider) {
        try {
            return decider.get();
        } catch (MlogException refusal) {
            return new Rejected(new Refused(refusal.code(), refusal.reason()));
        }
    }

    /** Leaves the decider with a refusal. */
    static MlogException refuse(ErrorCode code, String message) {
        return new MlogException(code, message);
    }
}
