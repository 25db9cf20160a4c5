package io.mlog.model;

import java.util.Set;

/**
 * The topics that brokers keep for themselves, under Kafka's names. Clients read them; only brokers
 * create, write and shape them.
 */
public final class InternalTopics {
    /** Consumer groups and their committed offsets. */
    public static final String CONSUMER_OFFSETS = "__consumer_offsets";

    private static final Set<String> NAMES = Set.of(CONSUMER_OFFSETS, "__transaction_state");

    private InternalTopics() {}

    /** Whether that topic is one. */
    public static boolean contains(String topic) {
        return NAMES.contains(topic);
    }

    /**
     * Keeps clients off.
     *
     * @param what they want to do, as in "records cannot be …"
     * @throws MlogException INVALID_TOPIC when the topic is one of these
     */
    public static void refuse(String topic, String what) {
        if (contains(topic)) {
            throw new MlogException(
                    ErrorCode.INVALID_TOPIC,
                    "%s is the brokers' own topic: %s".formatted(topic, what));
        }
    }
}
