package io.mlog.broker.life;

import io.mlog.core.metadata.BrokerImage;
import io.mlog.core.metadata.CommandResult;
import io.mlog.core.metadata.MetadataCommand;
import io.mlog.core.metadata.MetadataLog;
import io.mlog.core.metadata.MetadataQuorum;
import io.mlog.core.metadata.QuorumMember;
import io.mlog.model.PeerId;
import java.util.Comparator;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An orderly stop: hands what this broker leads to others while they still can ask it for records,
 * then the leadership of the metadata. Each has a bounded time, after which the stop goes on
 * without: the others then find out by themselves. Used once, by the thread that stops the broker.
 */
public final class Departure {
    private static final Logger LOG = LoggerFactory.getLogger(Departure.class);
    private static final long ASK_AGAIN_MS = 100;

    private final BrokerSession.Identity identity;
    private final MetadataLog log;
    private final MetadataQuorum quorum;
    private final LongSupplier monotonicMs;

    /** The departure of this boot. */
    public Departure(
            BrokerSession.Identity identity,
            MetadataLog log,
            MetadataQuorum quorum,
            LongSupplier monotonicMs) {
        this.identity = identity;
        this.log = log;
        this.quorum = quorum;
        this.monotonicMs = monotonicMs;
    }

    /**
     * Hands over; blocks.
     *
     * @param patienceMs for partitions, and once more for the metadata
     */
    public void handOver(long patienceMs) {
        try {
            if (othersServe()) {
                leavePartitions(monotonicMs.getAsLong() + patienceMs);
            }
            leaveMetadata(patienceMs);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean othersServe() {
        return log.image().brokers().values().stream()
                .anyMatch(broker -> broker.id() != identity.brokerId() && broker.active());
    }

    private void leavePartitions(long deadlineMs) throws InterruptedException {
        int left = Integer.MAX_VALUE;
        while (left > 0 && monotonicMs.getAsLong() < deadlineMs) {
            try {
                CommandResult result =
                        await(
                                log.submit(
                                        new MetadataCommand.BeginShutdown(
                                                identity.brokerId(), identity.bootEpoch())),
                                deadlineMs - monotonicMs.getAsLong());
                left = left(result);
            } catch (ExecutionException | TimeoutException e) {
                LOG.debug("the leaderships of this broker are not moved yet", e);
            }
            if (left > 0) {
                TimeUnit.MILLISECONDS.sleep(ASK_AGAIN_MS); // nothing tells when an ISR grows
            }
        }
        if (left > 0) {
            LOG.warn(
                    "this broker stops while it leads{}: their other replicas are not in sync",
                    left == Integer.MAX_VALUE ? "" : " " + left + " partitions");
        }
    }

    private static int left(CommandResult result) {
        return switch (result) {
            case CommandResult.Done(
                            long index,
                            CommandResult.Outcome.LeadershipsLeft(int leaderships)) ->
                    leaderships;
            case CommandResult.Done done ->
                    throw new IllegalStateException("a shutdown gave " + done.outcome());
            case CommandResult.Refused refused -> {
                LOG.debug("this broker may stop at once: {}", refused.message());
                yield 0; // another boot has the name, or it is fenced: it leads nothing
            }
        };
    }

    private void leaveMetadata(long patienceMs) throws InterruptedException {
        Optional<PeerId> heir = heir();
        if (!quorum.quorumLeadership().leading() || heir.isEmpty()) {
            return;
        }
        try {
            await(quorum.transferLeadership(heir.get()), patienceMs);
            LOG.info("{} leads the metadata now", heir.get().nodeId());
        } catch (ExecutionException | TimeoutException e) {
            LOG.warn(
                    "the leadership of the metadata was not handed to {}: {}",
                    heir.get().nodeId(),
                    e.toString());
        }
    }

    /** The other voter that is furthest. */
    private Optional<PeerId> heir() {
        return quorum.view().voters().stream()
                .filter(voter -> !voter.id().equals(quorum.self()) && serves(voter.id()))
                .max(Comparator.comparingLong(voter -> voter.matchIndex().orElse(-1)))
                .map(QuorumMember::id);
    }

    private boolean serves(PeerId peer) {
        return log.image()
                .broker(peer.nodeId())
                .filter(broker -> broker.directoryId().equals(peer.directoryId()))
                .filter(BrokerImage::active)
                .isPresent();
    }

    private static <T> T await(CompletableFuture<T> future, long patienceMs)
            throws InterruptedException, ExecutionException, TimeoutException {
        return future.get(Math.max(1, patienceMs), TimeUnit.MILLISECONDS);
    }
}
