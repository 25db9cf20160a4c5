package io.mlog.cluster.raft;

import io.mlog.cluster.raft.rpc.PeerLines;
import io.mlog.cluster.raft.rpc.QuorumClient;
import io.mlog.cluster.raft.rpc.QuorumReply;
import io.mlog.cluster.raft.rpc.RaftIds;
import io.mlog.model.PeerId;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.server.DivisionInfo;

/**
 * Finds who leads: as Ratis knows, else as others say, whom a node asks that is no member or has
 * not heard from a leader. Any thread.
 */
final class Leaders {
    private static final int ASK_MS = 500;

    /** Where commands go. */
    sealed interface Found {
        /** This node leads. */
        record Here(long term) implements Found {}

        /** Another node leads. */
        record There(PeerId peer, long term) implements Found {}

        /** Nobody that is known. */
        record Nobody() implements Found {}
    }

    private final PeerId self;
    private final RatisServer server;
    private final QuorumClient client;
    private final PeerLines lines;
    private final AtomicReference<Optional<Found.There>> hint =
            new AtomicReference<>(Optional.empty());
    private final AtomicBoolean asking = new AtomicBoolean();

    Leaders(PeerId self, RatisServer server, QuorumClient client, PeerLines lines) {
        this.self = self;
        this.server = server;
        this.client = client;
        this.lines = lines;
    }

    Found find() {
        DivisionInfo info = server.info();
        long term = info.getCurrentTerm();
        RaftPeerId leader = info.getLeaderId();
        if (leader == null) {
            return hint.get()
                    .filter(there -> there.term() >= term)
                    .<Found>map(there -> there)
                    .orElseGet(Found.Nobody::new);
        }
        if (!leader.equals(server.id())) {
            return new Found.There(RaftIds.of(leader), term);
        }
        return info.isLeader() ? new Found.Here(term) : new Found.Nobody();
    }

    /** What this node tells others who ask. */
    QuorumReply.Leads tell() {
        DivisionInfo info = server.info();
        return new QuorumReply.Leads(
                info.getCurrentTerm(),
                Optional.ofNullable(info.getLeaderId())
                        .map(RaftIds::of)
                        .flatMap(leader ->
                                lines.addressOf(leader)
                                        .map(address -> new QuorumReply.Leader(leader, address))));
    }

    /** Another node has told. */
    void learn(QuorumReply.Leads told) {
        told.leader()
                .filter(leader -> !leader.peer().equals(self))
                .ifPresent(leader -> {
                    lines.remember(leader.peer(), leader.address());
                    Found.There there = new Found.There(leader.peer(), told.term());
                    hint.accumulateAndGet(Optional.of(there), Leaders::later);
                });
    }

    /** It was not so, or is not any more. */
    void forget(Found.There there) {
        hint.compareAndSet(Optional.of(there), Optional.empty());
    }

    /** Asks every known peer, unless that is under way. */
    void ask() {
        if (asking.compareAndSet(false, true)) {
            Thread.ofVirtual().name("raft-ask").start(this::askAll);
        }
    }

    private void askAll() {
        try {
            for (PeerId peer : lines.known().keySet()) {
                if (!peer.equals(self) && find() instanceof Found.Nobody) {
                    ask(peer);
                }
            }
        } finally {
            asking.set(false);
        }
    }

    private void ask(PeerId peer) {
        try {
            if (client.whoLeads(peer, ASK_MS) instanceof QuorumReply.Leads told) {
                learn(told);
            }
        } catch (IOException e) {
            // One that does not answer knows nothing; another one may.
        }
    }

    private static Optional<Found.There> later(
            Optional<Found.There> known, Optional<Found.There> told) {
        return known.isEmpty() || known.get().term() <= told.get().term() ? told : known;
    }
}
