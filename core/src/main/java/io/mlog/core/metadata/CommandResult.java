package io.mlog.core.metadata;

import io.mlog.model.ErrorCode;
import io.mlog.model.MlogException;
import io.mlog.model.TopicPartition;
import java.util.List;

/** What became of a command, the same on every node. */
public sealed interface CommandResult {
    /**
     * The image was changed, or was already as wished.
     *
     * @param index of the command: images with at least this {@code appliedIndex} show the change
     */
    record Done(long index, Outcome outcome) implements CommandResult {}

    /** Nothing was changed. */
    record Refused(ErrorCode code, String message) implements CommandResult {
        /** The refusal as what a caller of a service is given. */
        public MlogException toException() {
            return new MlogException(code, message);
        }
    }

    /** What a command gives back. */
    sealed interface Outcome {
        /** Nothing beyond its being done. */
        record Nothing() implements Outcome {}

        /** The id of the broker that registered. */
        record BrokerId(int id) implements Outcome {}

        /** The topic as it is after the command; after a deletion as it was before. */
        record Topic(TopicImage topic) implements Outcome {}

        /** The reserved ids {@code first} to {@code first + count - 1}. */
        record ProducerIds(long first, int count) implements Outcome {}

        /**
         * What a broker that shuts down still leads because nobody else is in sync.
         *
         * @param count of partitions
         */
        record LeadershipsLeft(int count) implements Outcome {}

        /** One result for each partition of a command, in its order. */
        record PartitionResults(List<PartitionResult> results) implements Outcome {
            public PartitionResults {
                results = List.copyOf(results);
            }
        }
    }

    /** What became of one partition of a command about several. */
    sealed interface PartitionResult {
        /** The partition as it is after the command. */
        record Changed(TopicPartition partition, PartitionImage image) implements PartitionResult {}

        /** This partition was not changed. */
        record Unchanged(ErrorCode code, String message) implements PartitionResult {}
    }
}
