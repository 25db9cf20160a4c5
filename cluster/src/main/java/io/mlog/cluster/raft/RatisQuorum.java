package io.mlog.cluster.raft;

import io.mlog.cluster.raft.rpc.Followers;
import io.mlog.cluster.raft.rpc.PeerLines;
import io.mlog.cluster.raft.rpc.RaftIds;
import io.mlog.core.metadata.QuorumChange;
import io.mlog.core.metadata.QuorumLeadership;
import io.mlog.core.metadata.QuorumMember;
import io.mlog.core.metadata.QuorumView;
import io.mlog.model.ErrorCode;
import io.mlog.model.HostPort;
import io.mlog.model.MlogException;
import io.mlog.model.PeerId;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.ratis.proto.RaftProtos.RaftPeerRole;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.protocol.SetConfigurationRequest.Arguments;
import org.apache.ratis.protocol.SetConfigurationRequest.Mode;
import org.apache.ratis.protocol.exceptions.LeaderNotReadyException;
import org.apache.ratis.protocol.exceptions.NotLeaderException;
import org.apache.ratis.protocol.exceptions.ReconfigurationInProgressException;
import org.apache.ratis.protocol.exceptions.ReconfigurationTimeoutException;
import org.apache.ratis.protocol.exceptions.SetConfigurationException;
import org.apache.ratis.server.DivisionInfo;
import org.apache.ratis.server.RaftConfiguration;
import org.apache.ratis.server.impl.RatisInternals;
import org.apache.ratis.util.JavaUtils;
import org.jspecify.annotations.Nullable;

/** The members of the quorum as Ratis has them, and their changes. Any thread. */
final class RatisQuorum {
    private static final int CHANGE_MS = 30_000;
    private static final int TRANSFER_MS = 1000;

    private final RatisServer server;
    private final Followers followers;
    private final PeerLines lines;
    private final AtomicBoolean changing = new AtomicBoolean();

    RatisQuorum(RatisServer server, Followers followers, PeerLines lines) {
        this.server = server;
        this.followers = followers;
        this.lines = lines;
    }

    QuorumLeadership leadership() {
        DivisionInfo info = server.info();
        return new QuorumLeadership(
                info.getCurrentTerm(),
                Optional.ofNullable(info.getLeaderId()).map(RaftIds::of),
                info.isAlive() && info.isLeader() && info.isLeaderReady());
    }

    QuorumView view() {
        RaftConfiguration configuration = server.configuration();
        QuorumLeadership leadership = leadership();
        List<QuorumMember> members = new ArrayList<>();
        for (RaftPeer peer : configuration.getCurrentPeers(RaftPeerRole.FOLLOWER)) {
            members.add(member(peer, true, leadership.leading()));
        }
        for (RaftPeer peer : configuration.getCurrentPeers(RaftPeerRole.LISTENER)) {
            members.add(member(peer, false, leadership.leading()));
        }
        long committed = server.log().getLastCommittedIndex();
        return new QuorumView(leadership, committed, isStable(configuration, committed), members);
    }

    CompletableFuture<Void> change(QuorumView present, QuorumChange change) {
        QuorumView actual = view();
        Optional<MlogException> refusal = refusal(present, actual, change);
        if (refusal.isPresent()) {
            return CompletableFuture.failedFuture(refusal.get());
        }
        if (!changing.compareAndSet(false, true)) {
            return CompletableFuture.failedFuture(
                    refuse("another change of the quorum is under way"));
        }
        return send(arguments(change))
                .orTimeout(CHANGE_MS, TimeUnit.MILLISECONDS)
                .handle(RatisQuorum::checked)
                .whenComplete((done, failure) -> changing.set(false))
                .thenRun(() -> made(change));
    }

    CompletableFuture<Void> transferLeadership(PeerId to) {
        QuorumView present = view();
        if (!present.leadership().leading()) {
            return CompletableFuture.failedFuture(notLeading());
        }
        if (present.member(to).filter(QuorumMember::voter).isEmpty()) {
            return CompletableFuture.failedFuture(refuse(to + " is no voter"));
        }
        try {
            return server.transferLeadership(RaftIds.of(to), TRANSFER_MS)
                    .orTimeout(2 * TRANSFER_MS, TimeUnit.MILLISECONDS)
                    .handle(RatisQuorum::checked);
        } catch (IOException | RuntimeException e) {
            return CompletableFuture.failedFuture(toOurs(e));
        }
    }

    private QuorumMember member(RaftPeer peer, boolean voter, boolean leading) {
        PeerId id = RaftIds.of(peer.getId());
        HostPort address = HostPort.parse(peer.getAddress());
        if (!leading) {
            return new QuorumMember(id, address, voter, OptionalLong.empty(), OptionalLong.empty());
        }
        if (peer.getId().equals(server.id())) {
            long own = server.log().getFlushIndex();
            return new QuorumMember(id, address, voter, OptionalLong.of(own), OptionalLong.of(0));
        }
        return followers
                .info(id)
                .map(info ->
                        new QuorumMember(
                                id,
                                address,
                                voter,
                                OptionalLong.of(info.getMatchIndex()),
                                OptionalLong.of(info.getLastRpcResponseTime().elapsedTimeMs())))
                .orElseGet(() ->
                        new QuorumMember(
                                id, address, voter, OptionalLong.empty(), OptionalLong.empty()));
    }

    private boolean isStable(RaftConfiguration configuration, long committed) {
        return !changing.get()
                && configuration.getPreviousPeers().isEmpty()
                && configuration.getLogEntryIndex() <= committed;
    }

    private Optional<MlogException> refusal(
            QuorumView present, QuorumView actual, QuorumChange change) {
        if (!actual.leadership().leading()) {
            return Optional.of(notLeading());
        }
        if (!actual.hasMembersOf(present)) {
            return Optional.of(refuse("the members of the quorum have changed meanwhile"));
        }
        return change.misfit(actual).map(RatisQuorum::refuse);
    }

    private Arguments arguments(QuorumChange change) {
        RaftConfiguration present = server.configuration();
        List<RaftPeer> voters = List.copyOf(present.getCurrentPeers(RaftPeerRole.FOLLOWER));
        List<RaftPeer> listeners = List.copyOf(present.getCurrentPeers(RaftPeerRole.LISTENER));
        List<RaftPeer> newVoters = new ArrayList<>(voters);
        List<RaftPeer> newListeners = new ArrayList<>(listeners);
        switch (change) {
            case QuorumChange.AddListener(PeerId peer, HostPort address) -> {
                lines.remember(peer, address);
                newListeners.add(
                        RaftPeer.newBuilder()
                                .setId(RaftIds.of(peer))
                                .setAddress(address.toString())
                                .build());
            }
            case QuorumChange.Promote(var promoted) ->
                    promoted.forEach(peer -> newVoters.add(taken(peer, newListeners)));
            case QuorumChange.Remove(PeerId peer) -> {
                RaftPeerId id = RaftIds.of(peer);
                newVoters.removeIf(each -> each.getId().equals(id));
                newListeners.removeIf(each -> each.getId().equals(id));
            }
            case QuorumChange.Replace(PeerId voter, PeerId listener) -> {
                taken(voter, newVoters);
                newVoters.add(taken(listener, newListeners));
            }
        }
        return Arguments.newBuilder()
                .setServersInNewConf(newVoters)
                .setListenersInNewConf(newListeners)
                .setServersInCurrentConf(voters)
                .setListenersInCurrentConf(listeners)
                .setMode(Mode.COMPARE_AND_SET)
                .build();
    }

    private static RaftPeer taken(PeerId peer, List<RaftPeer> from) {
        RaftPeerId id = RaftIds.of(peer);
        RaftPeer found =
                from.stream().filter(each -> each.getId().equals(id)).findAny().orElseThrow();
        from.remove(found);
        return found;
    }

    private CompletableFuture<RaftClientReply> send(Arguments arguments) {
        try {
            return server.change(arguments);
        } catch (IOException | RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /** Ratis itself would take a new listener for one that is still being added. */
    private void made(QuorumChange change) {
        if (change instanceof QuorumChange.AddListener added) {
            followers.info(added.peer()).ifPresent(RatisInternals::caughtUp);
        }
    }

    private static @Nullable Void checked(
            @Nullable RaftClientReply reply, @Nullable Throwable failure) {
        if (reply == null || !reply.isSuccess()) {
            throw toOurs(reply == null ? failure : reply.getException());
        }
        return null;
    }

    private static MlogException toOurs(@Nullable Throwable failure) {
        Throwable cause = failure == null ? null : JavaUtils.unwrapCompletionException(failure);
        String why = Causes.root(cause);
        if (cause instanceof ReconfigurationInProgressException
                || cause instanceof SetConfigurationException) {
            return refuse(why);
        }
        if (cause instanceof LeaderNotReadyException) {
            return notLeading();
        }
        if (cause instanceof ReconfigurationTimeoutException) {
            return new MlogException(
                    ErrorCode.REQUEST_TIMED_OUT,
                    "the peer to be added does not answer or does not catch up");
        }
        if (cause instanceof NotLeaderException || cause instanceof TimeoutException) {
            return new MlogException(
                    ErrorCode.REQUEST_TIMED_OUT,
                    "the leadership was lost or no majority agreed in time; the change may still happen");
        }
        return new MlogException(
                ErrorCode.REQUEST_TIMED_OUT, "the quorum was not changed as asked: " + why);
    }

    private static MlogException notLeading() {
        return new MlogException(ErrorCode.NOT_CONTROLLER, "this node does not lead the metadata");
    }

    private static MlogException refuse(String why) {
        return new MlogException(ErrorCode.INVALID_REQUEST, why);
    }
}
