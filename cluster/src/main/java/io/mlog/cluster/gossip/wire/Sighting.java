package io.mlog.cluster.gossip.wire;

/**
 * What someone believes of a member.
 *
 * @param incarnation how often the member has spoken for itself; a higher one wins
 */
public record Sighting(Boot boot, Status status, int incarnation) {
    /** So high that no member gets there, and low enough that one more is still a number. */
    private static final int MOST_INCARNATIONS = 1 << 30;

    public Sighting {
        if (incarnation < 0 || incarnation > MOST_INCARNATIONS) {
            throw new IllegalArgumentException(
                    "incarnation %d, allowed are 0 to %d"
                            .formatted(incarnation, MOST_INCARNATIONS));
        }
    }

    /** What is believed; named as in the library, numbered as on the wire. */
    public enum Status implements Numbered {
        ALIVE(1),
        SUSPECT(2),
        LEAVING(3),
        DEAD(4);

        private final int number;

        Status(int number) {
            this.number = number;
        }

        @Override
        public int number() {
            return number;
        }
    }
}
