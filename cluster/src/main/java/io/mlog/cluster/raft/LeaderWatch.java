package io.mlog.cluster.raft;

import io.mlog.cluster.raft.rpc.PeerLines;
import io.mlog.cluster.raft.rpc.RaftIds;
import io.mlog.model.PeerId;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.ratis.proto.RaftProtos.RaftRpcRequestProto;
import org.apache.ratis.proto.RaftProtos.StartLeaderElectionRequestProto;
import org.apache.ratis.proto.RaftProtos.TermIndexProto;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.server.DivisionInfo;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds out that the leader's process is gone long before it is missed: its connection ended, and
 * twice, 50 ms apart, its address refused a new one. Then this node stands for election at once
 * instead of waiting for the silence that a busy machine also produces. Raft decides safely whoever
 * stands and why; this only chooses the moment.
 *
 * <p>The voters stand one after the other, in the order of their ids, so that they do not split the
 * vote: the first one that is there at once, each next one only when nobody has stood for as long
 * as a busy disk may take to write a vote down. Each stands once; the rest is left to Raft's own
 * timeouts. One watch at a time, on a virtual thread.
 */
final class LeaderWatch {
    private static final Logger LOG = LoggerFactory.getLogger(LeaderWatch.class);

    private static final int BETWEEN_PROBES_MS = 50;
    private static final int STAGGER_MS = 400;
    private static final int LOOK_MS = 10;

    private final RatisServer server;
    private final PeerLines lines;
    private final AtomicBoolean watching = new AtomicBoolean();
    private final AtomicLong heard = new AtomicLong();
    private volatile boolean closed;

    LeaderWatch(RatisServer server, PeerLines lines) {
        this.server = server;
        this.lines = lines;
    }

    /** The leader was heard, so it lives. */
    void heard() {
        heard.incrementAndGet();
    }

    /** The connection of the leader has ended. */
    void hungUp(PeerId leader) {
        if (isLeader(leader, server.info()) && watching.compareAndSet(false, true)) {
            Thread.ofVirtual().name("raft-leader-watch").start(() -> watch(leader));
        }
    }

    void close() {
        closed = true;
    }

    private void watch(PeerId leader) {
        try {
            long before = heard.get();
            if (isGone(leader, before)) {
                takeOver(leader);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException | RuntimeException e) {
            LOG.debug("standing for election in place of {} failed", leader, e);
        } finally {
            watching.set(false);
        }
    }

    private boolean isGone(PeerId leader, long before) throws InterruptedException {
        if (!lines.refuses(leader)) {
            return false;
        }
        TimeUnit.MILLISECONDS.sleep(BETWEEN_PROBES_MS);
        return heard.get() == before && lines.refuses(leader) && heard.get() == before;
    }

    private void takeOver(PeerId leader) throws InterruptedException, IOException {
        List<PeerId> voters = votersWithout(leader);
        int place = voters.indexOf(RaftIds.of(server.id()));
        if (place < 0) {
            return;
        }
        long term = server.info().getCurrentTerm();
        long ahead = voters.subList(0, place).stream().filter(peer -> !lines.refuses(peer)).count();
        if (isQuietFor(ahead * STAGGER_MS, leader, term)) {
            LOG.info("the metadata leader {} is gone, standing for election", leader);
            stand(leader, term);
        }
    }

    /** Whether nobody else stood or led for that long. */
    private boolean isQuietFor(long ms, PeerId leader, long term) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(ms);
        while (!closed
                && server.info().getCurrentTerm() == term
                && isLeader(leader, server.info())) {
            if (System.nanoTime() - deadline >= 0) {
                return true;
            }
            TimeUnit.MILLISECONDS.sleep(LOOK_MS);
        }
        return false;
    }

    private List<PeerId> votersWithout(PeerId leader) {
        return server.configuration().getCurrentPeers().stream()
                .map(RaftPeer::getId)
                .map(RaftIds::of)
                .filter(peer -> !peer.equals(leader))
                .sorted()
                .toList();
    }

    /** As if the leader had asked this node to: Ratis has no other way to be told. */
    private void stand(PeerId leader, long term) throws IOException {
        server.protocol()
                .startLeaderElection(
                        StartLeaderElectionRequestProto.newBuilder()
                                .setServerRequest(
                                        RaftRpcRequestProto.newBuilder()
                                                .setRequestorId(RaftIds.of(leader).toByteString())
                                                .setReplyId(server.id().toByteString())
                                                .setRaftGroupId(server.groupProto()))
                                .setLeaderLastEntry(TermIndexProto.newBuilder().setTerm(term))
                                .build());
    }

    private static boolean isLeader(PeerId peer, DivisionInfo info) {
        RaftPeerId leader = info.getLeaderId();
        return leader != null && leader.equals(RaftIds.of(peer));
    }
}
