package io.mlog.cluster.gossip.wire;

import java.util.Arrays;
import java.util.Optional;

/**
 * Why a node does not take another's gossip, in words for both sides. The number of a refusal is
 * the one byte that it is told by.
 */
public enum Refusal {
    OTHER_VERSION(
            1, "it speaks another version of the gossip wire", "it speaks another version of it"),
    IN_CLEAR(
            2,
            "it is in clear, we have a --cluster-key",
            "it has a --cluster-key, we were started without one"),
    SEALED(
            3,
            "it is sealed, we have no --cluster-key",
            "it was started without --cluster-key, we have one"),
    WRONG_KEY(
            4,
            "it does not decrypt with our --cluster-key",
            "it was started with another --cluster-key"),
    OTHER_CLUSTER(5, "it is of another cluster", "it is of another cluster"),
    OURSELVES(6, "it is our own", "it is this node itself"),
    MALFORMED(7, "it is malformed", "it finds it malformed"),
    NOT_GOSSIP(8, "it is no gossip of mlog", "it takes it for something else");

    private final int number;
    private final String here;
    private final String there;

    Refusal(int number, String here, String there) {
        this.number = number;
        this.here = here;
        this.there = there;
    }

    /** The byte that tells it. */
    int number() {
        return number;
    }

    /** What the node that refuses says: "refused gossip from X: …". */
    public String here() {
        return here;
    }

    /** What the node that was refused says: "X refuses our gossip: …". */
    public String there() {
        return there;
    }

    static Optional<Refusal> of(int number) {
        return Arrays.stream(values()).filter(refusal -> refusal.number == number).findFirst();
    }
}
