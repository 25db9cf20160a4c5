package io.mlog.broker.partition;

import io.mlog.model.ErrorCode;
import io.mlog.model.TopicPartition;
import io.mlog.services.PartitionProduced;
import org.jspecify.annotations.Nullable;

/**
 * The part of a produce request that waits for its commit. The commit may be told, by another
 * thread, before the appending thread has handed in what to answer: whichever comes second settles
 * the part.
 */
final class PendingAnswer implements CommitListener {
    private final ProduceOperation operation;
    private final int index;
    private final TopicPartition partition;
    private @Nullable PartitionProduced outcome;
    private boolean committed;

    PendingAnswer(ProduceOperation operation, int index, TopicPartition partition) {
        this.operation = operation;
        this.index = index;
        this.partition = partition;
    }

    /** What to answer once the records are committed. */
    void appended(PartitionProduced answer) {
        synchronized (this) {
            outcome = answer;
            if (!committed) {
                return;
            }
        }
        operation.settle(index, answer);
    }

    @Override
    public void committed() {
        PartitionProduced answer;
        synchronized (this) {
            committed = true;
            answer = outcome;
        }
        if (answer != null) {
            operation.settle(index, answer);
        }
    }

    @Override
    public void failed(ErrorCode error, String message) {
        operation.settle(index, PartitionProduced.refused(partition, error, message));
    }
}
