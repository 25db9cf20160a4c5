package io.mlog.core.metadata;

import io.mlog.model.PeerId;
import java.util.concurrent.CompletableFuture;

/**
 * The peers that keep a {@link MetadataLog} together: who takes part, who leads, and how that is
 * changed. Implemented by the log's adapter. Methods may be called from any thread and do not
 * block.
 *
 * <p>A <em>voter</em> counts towards the majority; a <em>listener</em> receives every command and
 * never votes. A node that is no member has an empty log until the leader adds it. Nobody but the
 * callers of {@link #change} alters the membership: a peer that fails stays what it was.
 */
public interface MetadataQuorum {
    /** This node's name in the quorum. */
    PeerId self();

    /** Who leads, as far as this node knows. */
    QuorumLeadership quorumLeadership();

    /** The members: on the leader with how far each is, elsewhere as this node last heard. */
    QuorumView view();

    /**
     * Makes one change of the membership. Completes when the changed membership is committed; a new
     * listener has caught up with most of the log by then.
     *
     * <p>Fails with {@link io.mlog.model.MlogException} and changes nothing: NOT_CONTROLLER when
     * this node does not lead, INVALID_REQUEST when the members are not those of {@code present}
     * any more, when another change is under way or when {@code change} does not fit; a peer that
     * is to be added and does not answer or catch up is REQUEST_TIMED_OUT. When leadership is lost
     * or the time is over meanwhile, it is REQUEST_TIMED_OUT too, and the change may still happen:
     * read {@link #view} again.
     *
     * @param present what the caller decided on, from {@link #view}
     */
    CompletableFuture<Void> change(QuorumView present, QuorumChange change);

    /**
     * Hands the leadership to another voter, which takes a few ms when it is up to date. Completes
     * when that voter leads; fails like {@link #change} otherwise, and this node may lead on.
     */
    CompletableFuture<Void> transferLeadership(PeerId to);

    /**
     * Tells {@code listener} of the leadership from now on, first as it is. One call at a time, in
     * order, on a thread that does nothing else; a change that was overtaken may be left out. Once
     * added, it stays.
     */
    void listen(QuorumListener listener);

    /**
     * How long this node has been without the quorum: ms since the leader was last heard, on the
     * leader itself since a majority of the voters last answered. A node that has not heard for its
     * session may have been fenced, and must act as if it were.
     */
    long silentMs();
}
