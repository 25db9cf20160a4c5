package io.mlog.broker.partition;

import io.mlog.services.PartitionProduced;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One produce request over several partitions: answers once every partition's part is settled. Each
 * slot is written by one thread; the counter orders those writes before the answer.
 */
final class ProduceOperation {
    private final @Nullable PartitionProduced[] slots;
    private final AtomicInteger unsettled;
    private final Consumer<List<PartitionProduced>> done;

    ProduceOperation(int partitions, Consumer<List<PartitionProduced>> done) {
        this.slots = new @Nullable PartitionProduced[partitions];
        this.unsettled = new AtomicInteger(partitions);
        this.done = done;
    }

    /** The final word on the part at {@code index}. */
    void settle(int index, PartitionProduced outcome) {
        slots[index] = outcome;
        if (unsettled.decrementAndGet() == 0) {
            done.accept(answer());
        }
    }

    @SuppressWarnings("NullAway") // every slot is settled by now
    private List<PartitionProduced> answer() {
        return Arrays.asList(slots);
    }
}
