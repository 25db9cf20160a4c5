package io.mlog.cluster.gossip.wire;

import java.util.List;
import java.util.Optional;

/** What gossip says: the messages of the library, complete and within bounds. */
public sealed interface Packet {
    /**
     * Asks whether a member is there, or answers.
     *
     * @param issuer whom to pass the answer on to, when it was asked for another
     * @param answer empty in a question
     */
    record Ping(Step step, Boot from, Boot to, Optional<Boot> issuer, Optional<Presence> answer)
            implements Packet {}

    /** What a ping is. */
    enum Step implements Numbered {
        ASK(1),
        ASK_FOR_ME(2),
        ANSWER(3);

        private final int number;

        Step(int number) {
            this.number = number;
        }

        @Override
        public int number() {
            return number;
        }
    }

    /** Whether a ping met the boot it was meant for, or another at its address. */
    enum Presence implements Numbered {
        THERE(1),
        GONE(2);

        private final int number;

        Presence(int number) {
            this.number = number;
        }

        @Override
        public int number() {
            return number;
        }
    }

    /**
     * All that someone believes, and the answer to it.
     *
     * @param isAnswer whether nothing more is to be answered
     */
    record Sync(boolean isAnswer, List<Sighting> sightings) implements Packet {
        static final int MOST_SIGHTINGS = 2000;

        public Sync {
            sightings = List.copyOf(sightings);
            if (sightings.size() > MOST_SIGHTINGS) {
                throw new IllegalArgumentException(
                        "%d members at once, at most %d"
                                .formatted(sightings.size(), MOST_SIGHTINGS));
            }
        }
    }

    /**
     * News that is passed on.
     *
     * @param origin id of who told it first
     * @param sequence its number among the news of the origin
     * @param passedOnBy id of who sent it here
     */
    record Rumour(String origin, long sequence, String passedOnBy, Sighting sighting)
            implements Packet {
        public Rumour {
            if (sequence < 0) {
                throw new IllegalArgumentException("news number " + sequence);
            }
        }
    }

    /** Asks what a member says about itself. */
    record TagsRequest(Boot of) implements Packet {}

    /** What a member says about itself, in bytes that mean nothing here. */
    record TagsAnswer(Boot of, byte[] tags) implements Packet {
        static final int MOST_BYTES = 4096;

        public TagsAnswer {
            if (tags.length > MOST_BYTES) {
                throw new IllegalArgumentException(
                        "tags of %d bytes, at most %d".formatted(tags.length, MOST_BYTES));
            }
        }
    }
}
