package io.mlog.broker.life;

import io.mlog.core.membership.Member;
import io.mlog.core.membership.MemberState;
import io.mlog.protocol.DescribeCluster;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds out whether a node that comes back was taken out of its cluster while it was away: then
 * nobody will ever send it the metadata that it waits for. Used by the thread that starts the
 * broker.
 */
public final class TakenOut {
    private static final Logger LOG = LoggerFactory.getLogger(TakenOut.class);
    private static final int ASK_MS = 1000;

    private final String nodeId;
    private final String clusterId;
    private final Neighbours neighbours;
    private final PeerCalls calls = new PeerCalls();

    /** For the node {@code nodeId}, whose directory belongs to the cluster. */
    public TakenOut(String nodeId, String clusterId, Neighbours neighbours) {
        this.nodeId = nodeId;
        this.clusterId = clusterId;
        this.neighbours = neighbours;
    }

    /** A node that serves in the cluster and does not know this one; blocks for a moment. */
    public Optional<String> toldBy() throws InterruptedException {
        for (Member member : neighbours.members()) {
            if (!member.nodeId().equals(nodeId)
                    && member.clusterId().equals(clusterId)
                    && member.state().equals(MemberState.SERVING)) {
                return isUnknownTo(member) ? Optional.of(member.nodeId()) : Optional.empty();
            }
        }
        return Optional.empty();
    }

    private boolean isUnknownTo(Member member) throws InterruptedException {
        try {
            DescribeCluster.Response cluster =
                    calls.ask(member.rpcAddress(), new DescribeCluster.Request(), ASK_MS)
                            .get(2 * ASK_MS, TimeUnit.MILLISECONDS);
            return cluster.clusterId().equals(clusterId)
                    && cluster.nodes().stream().noneMatch(node -> node.id().equals(nodeId));
        } catch (ExecutionException | TimeoutException e) {
            LOG.debug("{} does not say who is in the cluster", member.nodeId(), e);
            return false;
        }
    }
}
