package io.mlog.core.metadata;

import io.mlog.core.metadata.CommandResult.Outcome;
import io.mlog.core.metadata.CommandResult.PartitionResult;
import io.mlog.model.MlogException;
import io.mlog.model.TopicPartition;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

/** The decision about a command that has a result for each partition. Owned by one decision. */
final class PartitionResultsDraft {
    private final List<MetadataRecord> records = new ArrayList<>();
    private final List<Function<MetadataImage, PartitionResult>> results = new ArrayList<>();

    /** One more partition: what {@code decider} drafts, its {@link MlogException} a refusal. */
    void add(Supplier<PartitionDraft> decider) {
        try {
            add(decider.get());
        } catch (MlogException refusal) {
            results.add(after -> new PartitionResult.Unchanged(refusal.code(), refusal.reason()));
        }
    }

    void add(PartitionDraft draft) {
        draft.addRecords(records);
        TopicPartition name = draft.name();
        results.add(
                after -> new PartitionResult.Changed(name, after.partition(name).orElseThrow()));
    }

    Decision decision() {
        return new Decision.Accepted(
                records,
                after ->
                        new Outcome.PartitionResults(
                                results.stream().map(result -> result.apply(after)).toList()));
    }
}
