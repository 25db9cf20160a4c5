package io.mlog.broker.life;

import io.mlog.broker.partition.Timer;
import io.mlog.core.metadata.BrokerImage;
import io.mlog.core.metadata.CommandResult;
import io.mlog.core.metadata.MetadataCommand;
import io.mlog.core.metadata.MetadataImage;
import io.mlog.core.metadata.MetadataLog;
import io.mlog.core.metadata.MetadataQuorum;
import io.mlog.core.replication.IsrMember;
import io.mlog.model.TopicIdPartition;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps this boot of the broker in service: has it unfenced once it is ready, and again whenever
 * the controller has fenced it while it lives, and cuts it off by itself when it has not heard the
 * metadata for its session, since by then others may lead what it led.
 *
 * <p>Guarded by its monitor, under which nothing blocks; looks around every half second.
 */
public final class BrokerSession implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(BrokerSession.class);
    private static final long LOOK_MS = 500;

    /** A member of the quorum should not end before the others count without it. */
    private static final long RELEASE_MS = 10_000;

    private final Identity identity;
    private final MetadataLog log;
    private final MetadataQuorum quorum;
    private final CutOffRecords records;
    private final Timer timer;
    private final long sessionMs;
    private final Consumer<Throwable> fatal;
    private final Runnable forgotten;
    private final CompletableFuture<Long> unfenced = new CompletableFuture<>();
    private List<TopicIdPartition> suspects;
    private boolean asking;
    private boolean cutOff;
    private boolean ended;

    /** Whether the image that was looked at last knows this broker; one look at a time. */
    private volatile boolean known;

    private Timer.@Nullable Cancellable next;

    /** Which boot of which broker this is. */
    public record Identity(int brokerId, long bootEpoch) {
        /** The same as a member of in-sync sets. */
        public IsrMember asIsrMember() {
            return new IsrMember(brokerId, bootEpoch);
        }
    }

    /**
     * A session that begins with {@link #begin}.
     *
     * @param suspects replicas that hold less than they once had, see {@link
     *     MetadataCommand.UnfenceBroker}
     * @param sessionMs silence of the metadata after which this broker cuts itself off
     * @param fatal told when another process has taken this broker's place
     * @param forgotten told when the metadata knows this broker no more, and its place in the
     *     quorum was not taken from it within {@value #RELEASE_MS} ms
     */
    public BrokerSession(
            Identity identity,
            List<TopicIdPartition> suspects,
            MetadataLog log,
            MetadataQuorum quorum,
            CutOffRecords records,
            Timer timer,
            long sessionMs,
            Consumer<Throwable> fatal,
            Runnable forgotten) {
        this.identity = identity;
        this.suspects = List.copyOf(suspects);
        this.log = log;
        this.quorum = quorum;
        this.records = records;
        this.timer = timer;
        this.sessionMs = sessionMs;
        this.fatal = fatal;
        this.forgotten = forgotten;
    }

    /** Asks to be unfenced; completes with the command's index once that is applied here. */
    public CompletableFuture<Long> begin() {
        look();
        return unfenced.copy();
    }

    private void look() {
        synchronized (this) {
            if (ended) {
                return;
            }
            next = timer.after(LOOK_MS, this::look);
        }
        judgeSilence(quorum.silentMs());
        MetadataImage image = log.image();
        BrokerImage self = image.brokers().get(identity.brokerId());
        if (self == null) {
            unknown();
            return;
        }
        known = true;
        if (self.bootEpoch() > identity.bootEpoch()) {
            fatal.accept(
                    new IllegalStateException(
                            "another process has registered as node %s (boot epoch %d after %d of this one): two processes cannot be one broker"
                                    .formatted(
                                            self.nodeId(),
                                            self.bootEpoch(),
                                            identity.bootEpoch())));
        } else if (self.fenced()) {
            askForService();
        } else if (self.bootEpoch() == identity.bootEpoch()) {
            inService(image.appliedIndex());
        }
    }

    /** Before the first time this node has not caught up with its own registration yet. */
    private void unknown() {
        if (known) {
            known = false;
            LOG.info(
                    "broker {} was taken out of the cluster; it waits until the metadata quorum lets it go",
                    identity.brokerId());
            timer.after(RELEASE_MS, forgotten);
        }
    }

    /** Also learnt from the image: the answer to a command that was applied may be lost. */
    private void inService(long index) {
        synchronized (this) {
            suspects = List.of();
        }
        unfenced.complete(index);
    }

    private void judgeSilence(long silentMs) {
        boolean lost;
        synchronized (this) {
            lost = !cutOff && silentMs >= sessionMs;
            cutOff |= lost;
        }
        if (lost) {
            LOG.warn(
                    "this broker has heard nothing of the metadata for {} ms: it refuses to write until it does",
                    silentMs);
            records.cutOff(
                    "this broker is cut off from the cluster's metadata, so another one may lead by now: ask the others for the leader");
        } else if (silentMs < sessionMs / 2) {
            rejoin();
        }
    }

    /** Writes again only after everything that was decided meanwhile is known here. */
    private void rejoin() {
        synchronized (this) {
            if (!cutOff || asking) {
                return;
            }
            asking = true;
        }
        log.barrier()
                .whenComplete((index, failure) -> {
                    synchronized (this) {
                        asking = false;
                        if (failure != null) {
                            return; // the next look tries again
                        }
                        cutOff = false;
                    }
                    LOG.info("this broker follows the metadata again, up to {}", index);
                    records.rejoined();
                });
    }

    private void askForService() {
        List<TopicIdPartition> toTell;
        synchronized (this) {
            if (asking || ended) {
                return;
            }
            asking = true;
            toTell = suspects;
        }
        log.submit(
                        new MetadataCommand.UnfenceBroker(
                                identity.brokerId(), identity.bootEpoch(), toTell))
                .whenComplete(this::answered);
    }

    private void answered(@Nullable CommandResult result, @Nullable Throwable failure) {
        synchronized (this) {
            asking = false;
        }
        switch (result) {
            case CommandResult.Done done -> {
                LOG.info("broker {} is in service", identity.brokerId());
                inService(done.index());
            }
            case CommandResult.Refused refused ->
                    LOG.warn(
                            "broker {} is not taken into service: {}",
                            identity.brokerId(),
                            refused.message());
            case null -> LOG.debug("broker {} is not in service yet", identity.brokerId(), failure);
        }
    }

    /** Ends the session: a fence from now on is final. */
    @Override
    public void close() {
        synchronized (this) {
            ended = true;
            if (next != null) {
                next.cancel();
            }
        }
        unfenced.cancel(false);
    }
}
