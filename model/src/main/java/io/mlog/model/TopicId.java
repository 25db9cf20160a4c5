package io.mlog.model;

import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.Objects;
import java.util.UUID;

/**
 * The permanent identity of a topic: a topic that is deleted and created again under its old name
 * has another id. Written as 22 characters of URL-safe base64, as Kafka's tools print it.
 */
public record TopicId(long mostSignificantBits, long leastSignificantBits) {
    /** No topic: what Kafka sends where an id is absent. */
    public static final TopicId ZERO = new TopicId(0, 0);

    /** The id with the bits of {@code uuid}. */
    public static TopicId of(UUID uuid) {
        return new TopicId(uuid.getMostSignificantBits(), uuid.getLeastSignificantBits());
    }

    /**
     * Reads an id as {@link #toString} writes it.
     *
     * @throws IllegalArgumentException when the text is not 16 bytes of URL-safe base64
     */
    public static TopicId parse(String text) {
        byte[] bytes = Base64.getUrlDecoder().decode(Objects.requireNonNull(text));
        if (bytes.length != 16) {
            throw new IllegalArgumentException(
                    "topic id '" + text + "' has " + bytes.length + " bytes, not 16");
        }
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        return new TopicId(buffer.getLong(), buffer.getLong());
    }

    @Override
    public String toString() {
        byte[] bytes = new byte[16];
        ByteBuffer.wrap(bytes).putLong(mostSignificantBits).putLong(leastSignificantBits);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
