package io.mlog.model;

/** The rule for topic names: Kafka's, so that every client's own check agrees with ours. */
public final class TopicName {
    /**
     * The longest topic name, in characters (file systems allow 255 with the partition's suffix).
     */
    public static final int MAX_LENGTH = 249;

    private TopicName() {}

    /**
     * Returns {@code name} when it may name a topic.
     *
     * @throws MlogException INVALID_TOPIC, with the rule that is broken
     */
    public static String check(String name) {
        if (name.isEmpty()) {
            throw new MlogException(ErrorCode.INVALID_TOPIC, "a topic's name may not be empty");
        }
        if (name.equals(".") || name.equals("..")) {
            throw new MlogException(
                    ErrorCode.INVALID_TOPIC, "a topic may not be named '" + name + "'");
        }
        if (name.length() > MAX_LENGTH) {
            throw new MlogException(
                    ErrorCode.INVALID_TOPIC,
                    "a topic's name may have "
                            + MAX_LENGTH
                            + " characters, this one has "
                            + name.length());
        }
        for (int i = 0; i < name.length(); i++) {
            if (!allowed(name.charAt(i))) {
                throw new MlogException(
                        ErrorCode.INVALID_TOPIC,
                        "topic name '"
                                + name
                                + "' has a character at index "
                                + i
                                + " that is none of a-z A-Z 0-9 . _ -");
            }
        }
        return name;
    }

    private static boolean allowed(char c) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || c == '.'
                || c == '_'
                || c == '-';
    }
}
