package io.mlog.cluster.gossip.wire;

import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/**
 * A secret that the nodes of a cluster share. Whoever does not have it can neither read gossip nor
 * take part. Immutable; never shown.
 */
public final class ClusterKey {
    /** 22 characters of base 64 are 128 bits and more. */
    private static final Pattern FORM = Pattern.compile("[\\x21-\\x2B\\x2D-\\x7E]{22,256}");

    private final byte[] secret;

    private ClusterKey(byte[] secret) {
        this.secret = secret;
    }

    /**
     * The key of that text. It must be random, such as from {@code openssl rand -base64 32}: it is
     * not stretched, so a guessable text can be guessed from recorded gossip.
     *
     * @throws IllegalArgumentException when it is not 22 to 256 visible characters without a comma;
     *     the message does not hold the text
     */
    public static ClusterKey of(String text) {
        if (!FORM.matcher(text).matches()) {
            throw new IllegalArgumentException(
                    "a cluster key has 22 to 256 visible characters and no comma");
        }
        return new ClusterKey(text.getBytes(StandardCharsets.US_ASCII));
    }

    byte[] secret() {
        return secret.clone();
    }

    @Override
    public String toString() {
        return "(a cluster key)";
    }
}
