package io.mlog.broker.partition;

import io.mlog.services.FetchCommand;
import io.mlog.services.FetchCommand.PartitionFetch;
import io.mlog.services.PartitionFetched;
import io.mlog.services.WaitingFetch;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One fetch over several partitions: reads, and while that yields too little waits for any of them
 * to advance (Kafka: the fetch purgatory). Guarded by its own monitor, under which it calls
 * partitions; partitions never call it under their locks. The answer is delivered outside the
 * monitor.
 */
final class FetchOperation implements WaitingFetch, AdvanceListener {
    private static final Logger LOG = LoggerFactory.getLogger(FetchOperation.class);

    /** Most partitions with something to read of which the log is asked whether it is at hand. */
    private static final int MOST_ASKED = 64;

    private final HostedPartitions partitions;
    private final FetchCommand command;
    private final Consumer<List<PartitionFetched>> answer;
    private final Set<Partition> watched = new LinkedHashSet<>();

    /** The changes of each partition before it was read. */
    private final long[] seen;

    private Timer.@Nullable Cancellable timeout;
    private boolean finished;

    FetchOperation(
            HostedPartitions partitions,
            FetchCommand command,
            Consumer<List<PartitionFetched>> answer) {
        this.partitions = partitions;
        this.command = command;
        this.answer = answer;
        this.seen = new long[command.partitions().size()];
    }

    /**
     * Whether reading would not wait for the disk, as far as can be told. Does not block; a fetch
     * of very much counts as not at hand, since finding out takes time, too.
     */
    boolean isAtHand() {
        int asked = 0;
        for (PartitionFetch wanted : command.partitions()) {
            Partition partition = partitions.find(wanted.partition());
            if (partition == null || wanted.offset() >= partition.log().logEndOffset()) {
                continue;
            }
            int maxBytes = Math.min(command.maxBytes(), wanted.maxBytes());
            if (++asked > MOST_ASKED || !partition.log().isAtHand(wanted.offset(), maxBytes)) {
                return false;
            }
        }
        return true;
    }

    void start(Timer timer) {
        start(timer, false);
    }

    /** Like {@link #start}, and has what it finds in memory before it answers. Blocks. */
    void startLoading(Timer timer) {
        start(timer, true);
    }

    private void start(Timer timer, boolean loading) {
        attempt(command.maxWaitMs() <= 0, loading);
        synchronized (this) {
            if (!finished) {
                timeout = timer.after(command.maxWaitMs(), () -> attempt(true, false));
            }
        }
    }

    @Override
    public void advanced() {
        attempt(false, false);
    }

    @Override
    public synchronized void cancel() {
        if (!finished) {
            finish();
        }
    }

    private void attempt(boolean last, boolean loading) {
        List<PartitionFetched> found;
        synchronized (this) {
            do {
                if (finished) {
                    return;
                }
                found = read();
                if (last || satisfies(found)) {
                    finish();
                    break;
                }
            } while (!watchAll(found));
            if (!finished) {
                return;
            }
        }
        if (loading) {
            found.forEach(FetchOperation::load);
        }
        answer.accept(found);
    }

    private static void load(PartitionFetched found) {
        try {
            found.records().load();
        } catch (IOException e) {
            // Whoever reads or sends the slice meets the same and tells it where it can be told.
            LOG.warn("records of {} cannot be loaded", found.partition(), e);
        }
    }

    private List<PartitionFetched> read() {
        List<PartitionFetched> found = new ArrayList<>(command.partitions().size());
        int left = command.maxBytes();
        boolean first = true;
        for (PartitionFetch wanted : command.partitions()) {
            Partition partition = partitions.find(wanted.partition());
            seen[found.size()] = partition == null ? 0 : partition.changes();
            PartitionFetched next =
                    partition == null
                            ? partitions.absent(wanted.partition())
                            : partition.read(
                                    wanted,
                                    command.allowFollower(),
                                    Math.min(left, wanted.maxBytes()),
                                    first);
            int bytes = next.records().sizeBytes();
            first = first && bytes == 0;
            left = Math.max(0, left - bytes);
            found.add(next);
        }
        return found;
    }

    private boolean satisfies(List<PartitionFetched> found) {
        long bytes = 0;
        for (PartitionFetched each : found) {
            if (each.message() != null) {
                return true; // an error is told at once
            }
            bytes += each.records().sizeBytes();
        }
        return bytes >= Math.max(1, command.minBytes());
    }

    /** Whether the operation now waits; false when a partition moved on meanwhile. */
    private boolean watchAll(List<PartitionFetched> found) {
        found.forEach(each -> each.records().release());
        boolean waiting = true;
        for (int i = 0; i < seen.length; i++) {
            Partition partition = partitions.find(command.partitions().get(i).partition());
            if (partition == null || !partition.watch(this, seen[i])) {
                waiting = false;
            } else {
                watched.add(partition);
            }
        }
        return waiting;
    }

    private void finish() {
        finished = true;
        watched.forEach(partition -> partition.unwatch(this));
        if (timeout != null) {
            timeout.cancel();
        }
    }
}
