package io.mlog.cluster.raft;

import io.mlog.cluster.raft.rpc.PeerAddresses;
import io.mlog.cluster.raft.rpc.RaftPort;
import io.mlog.cluster.raft.rpc.SocketRpcType;
import io.mlog.core.metadata.CommandCodec;
import io.mlog.core.metadata.CommandResult;
import io.mlog.core.metadata.MetadataCommand;
import io.mlog.core.metadata.MetadataImage;
import io.mlog.core.metadata.MetadataLog;
import io.mlog.model.ErrorCode;
import io.mlog.model.MlogException;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.protocol.RaftClientRequest;
import org.apache.ratis.protocol.RaftGroup;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.protocol.exceptions.NotLeaderException;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.storage.RaftStorage;
import org.apache.ratis.thirdparty.com.google.protobuf.UnsafeByteOperations;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The metadata log on Apache Ratis. A directory without a log becomes a group of this node alone,
 * which then leads itself; a directory with one goes on where it was.
 *
 * <p>Ratis' threads apply and write; callers only hand over. When the log cannot be applied any
 * more, or Ratis closes it unasked, {@code fatal} is told once and the process is expected to end.
 * When it cannot be written (a full disk), every command fails with the reason until a restart;
 * images stay readable.
 */
public final class RatisMetadataLog implements MetadataLog {
    private static final Logger LOG = LoggerFactory.getLogger(RatisMetadataLog.class);

    private static final int NOT_READY_RETRY_MS = 5;
    private static final int MOST_CLOSE_MS = 5000;

    private final RaftSettings settings;
    private final RaftPort port;
    private final Consumer<MetadataImage> images;
    private final Consumer<Throwable> fatal;
    private final RaftPeerId self;
    private final RaftServer server;
    private final ClientId client = ClientId.randomId();
    private final AtomicLong nextCallId = new AtomicLong();
    private final Submissions submissions;
    private final Map<Long, Submission> handedOver = new ConcurrentHashMap<>();
    private final CompletableFuture<Void> leaderReady = new CompletableFuture<>();
    private final AtomicBoolean fatalTold = new AtomicBoolean();
    private final AtomicBoolean closing = new AtomicBoolean();
    private volatile MetadataImage image = MetadataImage.EMPTY;
    private volatile @Nullable Throwable logFailure;

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
        self = RaftPeerId.valueOf(settings.nodeId());
        submissions = new Submissions(settings.maxPending(), settings.submitTimeoutMs());
        Voters voters = Voters.lastKnown(settings);
        OpenSegmentTail.repair(settings.groupDirectory());
        server =
                RaftServer.newBuilder()
                        .setServerId(self)
                        .setProperties(RatisProperties.of(settings, voters.isOnly(self)))
                        .setParameters(
                                new SocketRpcType.Wiring(
                                                port, addresses, RatisProperties.CALL_TIMEOUT_MS)
                                        .toParameters())
                        .setStateMachineRegistry(group -> new MetadataStateMachine(new Machine()))
                        .setGroup(groupToStart(voters))
                        .setOption(RaftStorage.StartupOption.RECOVER)
                        .build();
    }

    /**
     * Starts; the log is open when this returns, and {@link #leaderReady} says when it takes
     * commands.
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
                            .formatted(settings.directory(), rootMessage(e)),
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
    public CompletableFuture<CommandResult> submit(MetadataCommand command) {
        byte[] bytes = CommandCodec.encode(command);
        Submission submission = submissions.open();
        Throwable failure = logFailure;
        if (bytes.length > RatisProperties.MAX_COMMAND_BYTES) {
            submission.fail(
                    ErrorCode.INVALID_REQUEST,
                    "the change takes %d bytes of metadata, at most %d fit; make it in smaller steps"
                            .formatted(bytes.length, RatisProperties.MAX_COMMAND_BYTES));
        } else if (closing.get()) {
            submission.fail(ErrorCode.NOT_READY, "this node is stopping");
        } else if (failure != null) {
            failForLog(submission, failure);
        } else if (!submission.isDone()) {
            handOver(bytes, submission);
        }
        return submission.result();
    }

    @Override
    public CompletableFuture<Long> barrier() {
        try {
            return server.submitClientRequestAsync(
                            request(RaftClientRequest.readRequestType())
                                    .setMessage(Message.EMPTY)
                                    .build())
                    .orTimeout(settings.submitTimeoutMs(), TimeUnit.MILLISECONDS)
                    .handle(RatisMetadataLog::caughtUpTo);
        } catch (IOException | RuntimeException e) {
            return CompletableFuture.failedFuture(notCaughtUp(e));
        }
    }

    private static long caughtUpTo(@Nullable RaftClientReply reply, @Nullable Throwable failure) {
        if (reply == null || !reply.isSuccess()) {
            throw notCaughtUp(reply == null ? failure : reply.getException());
        }
        return reply.getMessage().getContent().asReadOnlyByteBuffer().getLong();
    }

    private static MlogException notCaughtUp(@Nullable Throwable cause) {
        return new MlogException(
                cause instanceof TimeoutException
                        ? ErrorCode.REQUEST_TIMED_OUT
                        : ErrorCode.NOT_CONTROLLER,
                "this node could not catch up with the metadata: " + rootMessage(cause));
    }

    @Override
    public MetadataImage image() {
        return image;
    }

    @Override
    public Leadership leadership() {
        try {
            RaftServer.Division division = server.getDivision(settings.group());
            return new Leadership(
                    Optional.ofNullable(division.getInfo().getLeaderId()).map(RaftPeerId::toString),
                    division.getInfo().getCurrentTerm(),
                    division.getRaftConf().getCurrentPeers().stream()
                            .map(peer -> peer.getId().toString())
                            .sorted()
                            .toList());
        } catch (IOException e) {
            return new Leadership(Optional.empty(), 0, List.of());
        }
    }

    @Override
    public void close() {
        if (!closing.compareAndSet(false, true)) {
            return;
        }
        closeServer();
        submissions.failAll(ErrorCode.NOT_READY, "this node stopped; the change may still happen");
    }

    private void startServer() throws IOException {
        try {
            server.start();
            server.getDivision(settings.group());
        } catch (IOException | RuntimeException e) {
            closing.set(true);
            closeServer();
            throw e;
        }
    }

    /** Ratis may wait for its own threads for a day: it is given a few seconds. */
    private void closeServer() {
        Thread closer = Thread.ofPlatform().daemon().name("raft-close").start(this::closeRatis);
        try {
            if (!closer.join(Duration.ofMillis(MOST_CLOSE_MS))) {
                LOG.warn(
                        "the metadata log in {} was not closed within {} ms; what it acknowledged"
                                + " is on disk",
                        settings.directory(),
                        MOST_CLOSE_MS);
                closer.interrupt();
            }
            port.close();
        } catch (IOException e) {
            LOG.warn("closing the Raft port {} failed", port.address(), e);
        } catch (InterruptedException e) {
            closer.interrupt();
            Thread.currentThread().interrupt();
        }
    }

    private void closeRatis() {
        try {
            server.close();
        } catch (IOException | RuntimeException e) {
            LOG.warn("closing the metadata log in {} failed", settings.directory(), e);
        }
    }

    /**
     * The voters are read from disk by Ratis. It has none before the first entry of a founder was
     * committed: then, and only then, this node is told to be the group.
     */
    private RaftGroup groupToStart(Voters voters) {
        return voters.areOnDisk()
                ? RaftGroup.valueOf(settings.group())
                : RaftGroup.valueOf(
                        settings.group(),
                        RaftPeer.newBuilder()
                                .setId(self)
                                .setAddress(settings.advertised().toString())
                                .build());
    }

    private void handOver(byte[] command, Submission submission) {
        long callId = nextCallId.incrementAndGet();
        handedOver.put(callId, submission);
        try {
            server.submitClientRequestAsync(
                            request(RaftClientRequest.writeRequestType())
                                    .setCallId(callId)
                                    .setMessage(
                                            Message.valueOf(
                                                    UnsafeByteOperations.unsafeWrap(command)))
                                    .build())
                    .whenComplete((reply, failure) -> {
                        handedOver.remove(callId);
                        replied(command, submission, reply, failure);
                    });
        } catch (IOException | RuntimeException e) {
            handedOver.remove(callId);
            notTaken(submission, e);
        }
    }

    private RaftClientRequest.Builder request(RaftClientRequest.Type type) {
        return RaftClientRequest.newBuilder()
                .setClientId(client)
                .setServerId(self)
                .setGroupId(settings.group())
                .setType(type);
    }

    /** A command that was applied here has been answered by then; what is left are failures. */
    private void replied(
            byte[] command,
            Submission submission,
            @Nullable RaftClientReply reply,
            @Nullable Throwable failure) {
        if (submission.isDone()) {
            return;
        }
        NotLeaderException elsewhere = reply == null ? null : reply.getNotLeaderException();
        if (elsewhere != null && elsewhere.getSuggestedLeader() != null) {
            submission.fail(
                    ErrorCode.NOT_CONTROLLER,
                    "this node does not lead the metadata; node %s does"
                            .formatted(elsewhere.getSuggestedLeader().getId()));
        } else if (elsewhere != null) {
            again(command, submission, "this node knows no leader of the metadata");
        } else if (reply != null && reply.getLeaderNotReadyException() != null) {
            again(command, submission, "this node has just become leader of the metadata");
        } else {
            notTaken(submission, reply == null ? failure : reply.getException());
        }
    }

    /** Until the submission's time is over. */
    private void again(byte[] command, Submission submission, String reason) {
        submission.delayedBy(reason);
        Submissions.later(NOT_READY_RETRY_MS, () -> handOverAgain(command, submission));
    }

    private void handOverAgain(byte[] command, Submission submission) {
        if (!submission.isDone()) {
            handOver(command, submission);
        }
    }

    private void notTaken(Submission submission, @Nullable Throwable cause) {
        Throwable failure = logFailure;
        if (failure != null) {
            failForLog(submission, failure);
        } else {
            submission.fail(
                    ErrorCode.NOT_READY,
                    "the metadata log did not take the change: " + rootMessage(cause));
        }
    }

    private static void failForLog(Submission submission, Throwable cause) {
        String why = rootMessage(cause);
        boolean full = why.contains("No space left") || why.contains("quota exceeded");
        submission.fail(
                full ? ErrorCode.DISK_FULL : ErrorCode.STORAGE_ERROR,
                "the metadata log cannot be written (%s): %s and restart this node"
                        .formatted(why, full ? "free some space" : "check the disk"));
    }

    /**
     * What the innermost I/O failure says, or the innermost of all: the rest is Ratis' wrapping.
     */
    private static String rootMessage(@Nullable Throwable e) {
        Throwable told = e;
        Throwable next = e;
        for (int depth = 0; next != null && depth < 20; depth++) {
            if (next instanceof IOException || !(told instanceof IOException)) {
                told = next;
            }
            next = next.getCause();
        }
        if (told == null) {
            return "no reason given";
        }
        return told.getMessage() == null ? told.toString() : told.getMessage();
    }

    private void tellFatal(Throwable cause) {
        if (fatalTold.compareAndSet(false, true)) {
            fatal.accept(cause);
        }
    }

    private final class Machine implements MetadataStateMachine.Events {
        @Override
        public void applied(MetadataImage next) {
            image = next;
            images.accept(next);
        }

        @Override
        public Optional<Submission> submissionOf(RaftClientRequest request) {
            return request.getClientId().equals(client)
                    ? Optional.ofNullable(handedOver.get(request.getCallId()))
                    : Optional.empty();
        }

        @Override
        public void comparisonDue(MetadataCommand.CompareImage comparison) {
            // Not on the apply thread: handing over may wait for it.
            Thread.startVirtualThread(() -> submit(comparison));
        }

        @Override
        public void leaderReady() {
            leaderReady.complete(null);
        }

        @Override
        public void logFailed(Throwable cause) {
            logFailure = cause;
            LOG.error(
                    "the metadata log in {} cannot be written; no change of metadata is possible"
                            + " until this node is restarted",
                    settings.directory(),
                    cause);
        }

        @Override
        public void broken(Throwable cause) {
            submissions.failAll(
                    ErrorCode.UNKNOWN_SERVER_ERROR, "the metadata of this node has failed");
            tellFatal(cause);
        }

        @Override
        public void closed() {
            if (!closing.get()) {
                tellFatal(
                        new IllegalStateException(
                                "the metadata log in %s was closed, though nobody asked for it"
                                        .formatted(settings.directory())));
            }
        }
    }
}
