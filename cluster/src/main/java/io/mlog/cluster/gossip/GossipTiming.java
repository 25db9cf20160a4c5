package io.mlog.cluster.gossip;

/**
 * How fast gossip is. A member that stops answering is suspected after about one ping interval, and
 * has {@code suspicionMult × ⌈log₂(members + 1)⌉ × pingIntervalMs} to say that it is alive before
 * it is found to have failed.
 *
 * @param pingIntervalMs time between two pings, each to the next member
 * @param pingTimeoutMs time for the answer, below the interval: the rest is for asking others
 * @param suspicionMult see above
 * @param gossipIntervalMs time between two rounds of news
 * @param syncIntervalMs time between two comparisons of everything with some member
 * @param tagsTimeoutMs time in which a new member has to describe itself
 */
public record GossipTiming(
        int pingIntervalMs,
        int pingTimeoutMs,
        int suspicionMult,
        int gossipIntervalMs,
        int syncIntervalMs,
        int tagsTimeoutMs) {
    public GossipTiming {
        if (pingTimeoutMs < 1
                || pingIntervalMs <= pingTimeoutMs
                || suspicionMult < 1
                || gossipIntervalMs < 1
                || syncIntervalMs < 1
                || tagsTimeoutMs < 1) {
            throw new IllegalArgumentException(
                    "every time is 1 ms or more, and a ping of %d ms must be answered before the next one %d ms later"
                            .formatted(pingTimeoutMs, pingIntervalMs));
        }
    }

    /**
     * For a local network: of two or three nodes one that was killed is found out within 2.5 to 3
     * s, of up to fifteen within 5 s, and a pause of 1 s is forgiven. A ping has much time to be
     * answered, because a machine that is busy would else suspect everyone, and clearing everyone
     * keeps it busy.
     */
    public static GossipTiming local() {
        return new GossipTiming(500, 350, 2, 100, 5_000, 2_000);
    }
}
