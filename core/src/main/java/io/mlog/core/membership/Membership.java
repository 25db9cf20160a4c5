package io.mlog.core.membership;

import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Who is there: discovery by gossip from a few addresses, and what each node says about itself.
 *
 * <p><b>Gossip only proposes.</b> What it tells is a hint, seconds old, and may differ from node to
 * node; who is a member, a voter or fenced is decided by commands in the metadata log. Nobody loses
 * a right because of an event from here.
 *
 * <p>Events go to the listener that was given to the adapter: one at a time, in order, on a thread
 * of the adapter's own that also keeps the protocol alive, so the listener must not block; what it
 * throws is logged. {@link #members} shows an event's change before the listener is told of it. For
 * one node events alternate: joined, any number of updates and suspicions, left or failed, joined
 * again. There is none about this node itself, and none after {@link #close} has returned.
 *
 * <p>Methods may be called from any thread, also by the listener, and do not block, except {@link
 * #close}, which the listener must not call.
 */
public interface Membership extends AutoCloseable {
    /** This node as it describes itself now. */
    Member self();

    /**
     * Every node that is there, this one included, in the order of their ids; of each node one
     * boot, see {@link MemberTable}. Members of other clusters are left out once this node knows
     * its own. An immutable snapshot.
     */
    List<Member> members();

    /**
     * Other processes that are there under this node's id with another data directory. Two such
     * processes cannot both serve: the newer one should end with a clear message. A process that
     * was killed a moment ago is still listed until it is found to have failed, so only one that
     * stays for {@link #FAILURE_DETECTION_MS} is alive.
     */
    List<Member> rivals();

    /**
     * Completes when this node has seen whom a peer knows; at once when it was given no peer other
     * than itself. Unreachable peers are tried again for ever, before and after. Is cancelled when
     * this is closed before.
     */
    CompletableFuture<Void> joined();

    /** Tells all others what this node is doing; see {@link MemberState}. */
    void updateState(String state);

    /**
     * Tells all others which cluster this node belongs to, once it is known. From here on others
     * that belong to another one are refused.
     *
     * @throws IllegalStateException when another cluster id was told before
     */
    void updateClusterId(String clusterId);

    /**
     * Says goodbye, so that the others see this node as left and not as failed, with the state told
     * last. Completes when it was told, or could not be within a few seconds. Only {@link #close}
     * is of use afterwards.
     */
    CompletableFuture<Void> leave();

    /**
     * Stops at once, without goodbye unless {@link #leave} came before: the others will see this
     * node fail. Gives back port and threads. Idempotent; blocks for a few seconds at most.
     */
    @Override
    void close();

    /** Time in which a process that was killed is found to have failed, on a network at ease. */
    long FAILURE_DETECTION_MS = 5000;
}
