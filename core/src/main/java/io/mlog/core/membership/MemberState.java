package io.mlog.core.membership;

/** The words with which a node says what it is doing. A member may use others: it may be newer. */
public final class MemberState {
    /** Not yet admitted by the cluster. */
    public static final String JOINING = "joining";

    /** Takes part. */
    public static final String SERVING = "serving";

    /** Stops and comes back: it stays a voter and a broker. */
    public static final String RESTARTING = "restarting";

    /** Leaves for good: it asked to be taken out. */
    public static final String LEAVING = "leaving";

    private MemberState() {}
}
