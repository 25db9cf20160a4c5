package io.mlog.broker.topics;

import io.mlog.broker.partition.IsrProposals;
import io.mlog.broker.partition.Timer;
import io.mlog.core.metadata.CommandResult;
import io.mlog.core.metadata.CommandResult.PartitionResult;
import io.mlog.core.metadata.MetadataCommand.ChangePartitions;
import io.mlog.core.metadata.MetadataCommand.IsrChange;
import io.mlog.core.metadata.MetadataLimits;
import io.mlog.core.metadata.MetadataLog;
import io.mlog.core.replication.IsrMember;
import io.mlog.core.replication.IsrProposal;
import io.mlog.model.TopicId;
import io.mlog.model.TopicIdPartition;
import io.mlog.model.TopicPartition;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends what leaders propose to the metadata log: those of a few milliseconds, and all that come
 * while a command is in flight, in one command. What fails is dropped, since the leaders propose
 * again what they still wish, and learn of success from the image alone.
 *
 * <p>Guarded by its monitor, under which nothing is sent. Bounded: one proposal for each partition,
 * one command at a time.
 */
public final class ProposedIsrs implements IsrProposals {
    private static final Logger LOG = LoggerFactory.getLogger(ProposedIsrs.class);

    private static final long GATHER_MS = 2;

    private final IsrMember self;
    private final MetadataLog log;
    private final Timer timer;
    private final Map<TopicIdPartition, IsrProposal> pending = new LinkedHashMap<>();

    /** Whether a command is in flight or about to be sent. */
    private boolean busy;

    /** Proposes for the partitions that {@code self} leads. */
    public ProposedIsrs(IsrMember self, MetadataLog log, Timer timer) {
        this.self = self;
        this.log = log;
        this.timer = timer;
    }

    @Override
    public void propose(TopicPartition partition, TopicId topicId, IsrProposal proposal) {
        boolean first;
        synchronized (this) {
            pending.put(new TopicIdPartition(topicId, partition.partition()), proposal);
            first = !busy;
            busy = true;
        }
        if (first) {
            timer.after(GATHER_MS, this::send);
        }
    }

    private void send() {
        List<IsrChange> changes = take();
        if (!changes.isEmpty()) {
            log.submit(new ChangePartitions(self.brokerId(), self.bootEpoch(), changes))
                    .whenComplete((result, failure) -> {
                        tell(changes, result, failure);
                        send();
                    });
        }
    }

    /** What to send next; when there is nothing the next proposal begins anew. */
    private synchronized List<IsrChange> take() {
        List<IsrChange> changes = new ArrayList<>();
        Iterator<Map.Entry<TopicIdPartition, IsrProposal>> all = pending.entrySet().iterator();
        while (all.hasNext() && changes.size() < MetadataLimits.CHANGES_AT_ONCE) {
            Map.Entry<TopicIdPartition, IsrProposal> next = all.next();
            changes.add(new IsrChange(next.getKey(), next.getValue()));
            all.remove();
        }
        busy = !changes.isEmpty();
        return changes;
    }

    private static void tell(
            List<IsrChange> changes, @Nullable CommandResult result, @Nullable Throwable failure) {
        switch (result) {
            case CommandResult.Done(
                            long index,
                            CommandResult.Outcome.PartitionResults(List<PartitionResult> each)) -> {
                for (int i = 0; i < each.size(); i++) {
                    if (each.get(i) instanceof PartitionResult.Unchanged(var code, String why)) {
                        LOG.debug("{} is refused: {}: {}", changes.get(i), code, why);
                    }
                }
            }
            case CommandResult.Done done ->
                    LOG.error("ISR changes gave {}: a bug of ours", done.outcome());
            case CommandResult.Refused refused ->
                    LOG.info("{} ISR changes are refused: {}", changes.size(), refused.message());
            case null ->
                    LOG.info(
                            "{} ISR changes could not be made: {}",
                            changes.size(),
                            String.valueOf(failure));
        }
    }
}
