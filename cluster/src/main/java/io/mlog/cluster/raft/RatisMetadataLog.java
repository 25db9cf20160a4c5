package io.mlog.cluster.raft;

import io.mlog.cluster.raft.rpc.Followers;
import io.mlog.cluster.raft.rpc.ForwardedCommands;
import io.mlog.cluster.raft.rpc.LeaderService;
import io.mlog.cluster.raft.rpc.PeerAddresses;
import io.mlog.cluster.raft.rpc.PeerLines;
import io.mlog.cluster.raft.rpc.QuorumClient;
import io.mlog.cluster.raft.rpc.QuorumReply;
import io.mlog.cluster.raft.rpc.RaftPort;
import io.mlog.cluster.raft.rpc.SocketRpcType;
import io.mlog.cluster.raft.rpc.WireEvents;
import io.mlog.core.metadata.CommandCodec;
import io.mlog.core.metadata.CommandResult;
import io.mlog.core.metadata.MetadataCommand;
import io.mlog.core.metadata.MetadataImage;
import io.mlog.core.metadata.QuorumChange;
import io.mlog.core.metadata.QuorumLeadership;
import io.mlog.core.metadata.QuorumListener;
import io.mlog.core.metadata.QuorumMember;
import io.mlog.core.metadata.QuorumView;
import io.mlog.model.ErrorCode;
import io.mlog.model.PeerId;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.apache.ratis.protocol.ClientInvocationId;
import org.apache.ratis.protocol.RaftClientRequest;
import org.apache.ratis.server.impl.RatisInternals;
import org.apache.ratis.server.protocol.TermIndex;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;
import org.apache.ratis.thirdparty.com.google.protobuf.UnsafeByteOperations;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The metadata log on Apache Ratis, and this node's part in the quorum that keeps it. A directory
 * without a log becomes a quorum of this node alone or waits to be added to another, as the
 * settings say; a directory with one goes on where it was, wherever its peers are by now.
 *
 * <p>Ratis' threads apply and write; callers only hand over. When the log cannot be applied any
 * more, or Ratis closes it unasked, {@code fatal} is told once and the process is expected to end.
 * When it cannot be written (a full disk), every command of this node fails with the reason from
 * then on; images stay readable. {@link ResumingMetadataLog} begins anew then.
 */
public final class RatisMetadataLog implements ResumingMetadataLog.Life {
    private static final Logger LOG = LoggerFactory.getLogger(RatisMetadataLog.class);

    private static final int HAND_OVER_MS = 1000;
    private static final int REMOVAL_MS = 5000;

    private final RaftSettings settings;
    private final RaftPort port;
    private final Consumer<MetadataImage> images;
    private final Consumer<Throwable> fatal;
    private final Followers followers = new Followers();
    private final PeerLines lines;
    private final RatisServer server;
    private final AppliedIndex applied = new AppliedIndex();
    private final Submissions submissions;
    private final Proposals proposals;
    private final QuorumContact contact;
    private final CommandRouter router;
    private final Barriers barriers;
    private final LeaderAnswers answers;
    private final RatisQuorum quorum;
    private final QuorumEvents events;
    private final LeaderWatch watch;
    private final CompletableFuture<Void> leaderReady = new CompletableFuture<>();
    private final CompletableFuture<Void> removed = new CompletableFuture<>();
    private final CompletableFuture<Throwable> unwritable = new CompletableFuture<>();
    private final AtomicBoolean fatalTold = new AtomicBoolean();
    private final AtomicBoolean closing = new AtomicBoolean();
    private volatile MetadataImage image = MetadataImage.EMPTY;

    private RatisMetadataLog(
            RaftSettings settings,
            RaftPort port,
            PeerAddresses addresses,
            Consumer<MetadataImage> images,
            Consumer<Throwable> fatal)
            throws IOException {
        this.settings = settings;
        this.port = port;
        this.images = images;
        this.fatal = fatal;
        StoredQuorum stored = StoredQuorum.open(settings);
        OpenSegmentTail.repair(settings.groupDirectory());
        UUID group = settings.group().getUuid();
        Wire wire = new Wire();
        lines = new PeerLines(addresses, wire::connectionLost);
        server =
                RatisServer.build(
                        settings,
                        stored,
                        new SocketRpcType.Wiring(
                                group,
                                settings.self(),
                                port,
                                lines,
                                followers,
                                wire,
                                wire,
                                RatisProperties.CALL_TIMEOUT_MS,
                                RatisProperties.VOTE_TIMEOUT_MS),
                        new MetadataStateMachine(new Machine()));
        QuorumClient client = new QuorumClient(group, lines);
        Leaders leaders = new Leaders(settings.self(), server, client, lines);
        submissions = new Submissions(settings.maxPending(), settings.submitTimeoutMs());
        proposals = new Proposals(server, settings.maxPending());
        contact = new QuorumContact(server, followers);
        router = new CommandRouter(server, leaders, proposals, submissions, client, lines, applied);
        barriers =
                new Barriers(
                        leaders,
                        contact,
                        client,
                        applied,
                        settings.maxPending(),
                        settings.submitTimeoutMs());
        answers = new LeaderAnswers(server, leaders, proposals, contact);
        quorum = new RatisQuorum(server, followers, lines);
        events = new QuorumEvents(quorum::leadership);
        watch = new LeaderWatch(server, lines);
    }

    /**
     * Starts; the log is open when this returns. {@link #barrier} says when it shows what the
     * others have, {@link #leaderReady} when this node first leads.
     *
     * @param port bound for this node; closed with the log, or when starting fails
     * @param addresses where other nodes are
     * @param images told every new image, in order, on the apply thread, which it must not block
     * @param fatal told why this node's metadata cannot go on, at most once, on any thread
     * @throws IOException when the directory cannot be read or written, or holds a damaged log; the
     *     message names the file
     */
    public static RatisMetadataLog start(
            RaftSettings settings,
            RaftPort port,
            PeerAddresses addresses,
            Consumer<MetadataImage> images,
            Consumer<Throwable> fatal)
            throws IOException {
        try {
            Files.createDirectories(settings.directory());
            RatisMetadataLog log = new RatisMetadataLog(settings, port, addresses, images, fatal);
            log.startServer();
            return log;
        } catch (IOException | RuntimeException e) {
            port.close();
            throw new IOException(
                    "the metadata log in %s cannot be opened: %s"
                            .formatted(settings.directory(), Causes.root(e)),
                    e);
        }
    }

    /** Whether the directory holds a log of the cluster. */
    public static boolean exists(RaftSettings settings) {
        return Files.exists(settings.groupDirectory());
    }

    /** Done once this node first leads, having applied everything committed before. */
    public CompletableFuture<Void> leaderReady() {
        return leaderReady.copy();
    }

    @Override
    public CompletableFuture<Throwable> unwritable() {
        return unwritable.copy();
    }

    @Override
    public CompletableFuture<CommandResult> submit(MetadataCommand command) {
        ByteString bytes = UnsafeByteOperations.unsafeWrap(CommandCodec.encode(command));
        Submission submission = submissions.open(bytes);
        Optional<Throwable> failure = proposals.logFailure();
        if (bytes.size() > RatisProperties.MAX_COMMAND_BYTES) {
            submission.fail(
                    ErrorCode.INVALID_REQUEST,
                    "the change takes %d bytes of metadata, at most %d fit; make it in smaller steps"
                            .formatted(bytes.size(), RatisProperties.MAX_COMMAND_BYTES));
        } else if (closing.get() || removed.isDone()) {
            submission.fail(
                    ErrorCode.NOT_READY,
                    removed.isDone() ? "this node was removed" : "this node is stopping");
        } else if (failure.isPresent()) {
            submission.fail(LogFailures.code(failure.get()), LogFailures.sentence(failure.get()));
        } else if (!submission.isDone()) {
            router.route(submission);
        }
        return submission.result();
    }

    @Override
    public CompletableFuture<Long> barrier() {
        return barriers.barrier();
    }

    @Override
    public MetadataImage image() {
        return image;
    }

    @Override
    public Leadership leadership() {
        QuorumView view = quorum.view();
        return new Leadership(
                view.leadership().leader().map(PeerId::nodeId),
                view.leadership().term(),
                view.voters().stream().map(voter -> voter.id().nodeId()).toList());
    }

    @Override
    public PeerId self() {
        return settings.self();
    }

    @Override
    public QuorumLeadership quorumLeadership() {
        return quorum.leadership();
    }

    @Override
    public QuorumView view() {
        return quorum.view();
    }

    @Override
    public CompletableFuture<Void> change(QuorumView present, QuorumChange change) {
        return quorum.change(present, change);
    }

    @Override
    public CompletableFuture<Void> transferLeadership(PeerId to) {
        return quorum.transferLeadership(to);
    }

    @Override
    public void listen(QuorumListener listener) {
        events.listen(listener);
    }

    @Override
    public long silentMs() {
        return contact.silentMs();
    }

    /**
     * Lets changes that are under way come to their end, which takes no longer than {@link
     * RaftSettings#lastCommandsMs}, and hands the leadership over, when another voter can take it.
     */
    @Override
    public void close() {
        if (!closing.compareAndSet(false, true)) {
            return;
        }
        try {
            submissions.awaitNone(settings.lastCommandsMs());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        handOver();
        closeAll();
        submissions.failAll(ErrorCode.NOT_READY, "this node stopped; the change may still happen");
    }

    private void startServer() throws IOException {
        try {
            server.start();
        } catch (IOException | RuntimeException e) {
            closing.set(true);
            closeAll();
            throw e;
        }
    }

    private void handOver() {
        QuorumView view = quorum.view();
        if (!view.leadership().leading()) {
            return;
        }
        Optional<PeerId> successor =
                view.voters().stream()
                        .filter(voter -> !voter.id().equals(settings.self()))
                        .filter(voter -> voter.silentMs().orElse(HAND_OVER_MS) < HAND_OVER_MS)
                        .max(Comparator.comparingLong(voter -> voter.matchIndex().orElse(-1)))
                        .map(QuorumMember::id);
        if (successor.isEmpty()) {
            return;
        }
        try {
            quorum.transferLeadership(successor.get()).get(HAND_OVER_MS, TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            LOG.info("the leadership was not handed over to {}: {}", successor.get(), e.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void closeAll() {
        watch.close();
        server.close();
        router.close();
        barriers.close();
        lines.close();
        proposals.close("this node is stopping");
        events.close();
        try {
            port.close();
        } catch (IOException e) {
            LOG.warn("closing the Raft port {} failed", port.address(), e);
        }
    }

    private void tellFatal(Throwable cause) {
        if (fatalTold.compareAndSet(false, true)) {
            fatal.accept(cause);
        }
    }

    /** What the wire tells and asks; nothing before the server was started. */
    private final class Wire implements WireEvents, LeaderService {
        @Override
        public void leaderHeard(PeerId leader) {
            RatisInternals.takeConfiguredRole(server.division());
            contact.heard();
            watch.heard();
        }

        @Override
        public void leaderHungUp(PeerId leader) {
            connectionLost(leader);
        }

        void connectionLost(PeerId peer) {
            if (!closing.get()) {
                events.connectionLost(peer);
                watch.hungUp(peer);
            }
        }

        @Override
        public QuorumReply submit(ForwardedCommands commands) {
            return answers.submit(commands);
        }

        @Override
        public QuorumReply catchUp(int timeoutMs) {
            return answers.catchUp(timeoutMs);
        }

        @Override
        public QuorumReply whoLeads() {
            return answers.whoLeads();
        }
    }

    /** What the log tells; nothing before the server was started. */
    private final class Machine implements MetadataStateMachine.Events {
        @Override
        public void applied(MetadataImage next) {
            image = next;
            images.accept(next);
        }

        @Override
        public void answered(ClientInvocationId invocation, CommandResult result) {
            if (invocation.getClientId().equals(server.client())) {
                submissions.applied(invocation.getLongId(), result);
            }
        }

        @Override
        public void advanced(TermIndex to) {
            if (server.info().isLeader()) {
                followers.tellCommitted(to.getIndex());
            }
            applied.advance(to.getIndex());
            List<Submission> lost = submissions.termApplied(to.getTerm());
            router.routeAgain(lost);
            router.termApplied(to.getTerm());
        }

        @Override
        public void skipped(TermIndex to) {
            submissions.skipped(to.getTerm());
            applied.advance(to.getIndex());
        }

        @Override
        public Optional<Proposal> proposalOf(RaftClientRequest request) {
            return proposals.of(request);
        }

        @Override
        public long term() {
            return server.info().getCurrentTerm();
        }

        @Override
        public void comparisonDue(MetadataCommand.CompareImage comparison) {
            if (server.info().isLeader()) {
                // Not on the apply thread: handing over may wait for it.
                Thread.startVirtualThread(() -> submit(comparison));
            }
        }

        @Override
        public void leadershipChanged() {
            events.look();
        }

        @Override
        public void leaderReady() {
            contact.led(server.info().getCurrentTerm());
            leaderReady.complete(null);
            events.look();
        }

        @Override
        public void logFailed(Throwable cause) {
            proposals.logFailed(cause);
            if (unwritable.complete(cause)) {
                LOG.error("in {}, {}", settings.directory(), LogFailures.sentence(cause), cause);
            }
        }

        @Override
        public void broken(Throwable cause) {
            submissions.failAll(
                    ErrorCode.UNKNOWN_SERVER_ERROR, "the metadata of this node has failed");
            tellFatal(cause);
        }

        @Override
        public void removed() {
            removed.complete(null);
            submissions.failAll(ErrorCode.NOT_READY, "this node was removed from the cluster");
            events.removed();
        }

        /** Why it was closed is said a moment later, if it is said. */
        @Override
        public void closed() {
            if (!closing.get()) {
                removed.copy()
                        .orTimeout(REMOVAL_MS, TimeUnit.MILLISECONDS)
                        .exceptionally(unsaid -> {
                            closedUnasked();
                            return null;
                        });
            }
        }

        private void closedUnasked() {
            if (!closing.get()) {
                tellFatal(
                        new IllegalStateException(
                                "the metadata log in %s was closed, though nobody asked for it"
                                        .formatted(settings.directory())));
            }
        }
    }
}
