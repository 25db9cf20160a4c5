package io.mlog.systemtests.harness;

import java.io.IOException;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Single requests of the JSON RPC as text, written and read without the product's own codec, so
 * that a mistake in that codec cannot hide itself.
 */
public final class JsonRpc {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private JsonRpc() {}

    /** Sends one request on a connection of its own and returns the answer. */
    public static String call(int port, String request) throws IOException {
        try (RawConnection connection = RawConnection.to(port, PATIENCE)) {
            connection.sendJson(request);
            return connection.readJson();
        }
    }

    /** A number field of an answer; empty when the field is missing or null. */
    public static OptionalLong number(String answer, String field) {
        Matcher found = Pattern.compile("\"" + field + "\":\\s*(-?\\d+)").matcher(answer);
        return found.find()
                ? OptionalLong.of(Long.parseLong(found.group(1)))
                : OptionalLong.empty();
    }

    /** A text field of an answer; empty text when it is missing. */
    public static String text(String answer, String field) {
        Matcher found =
                Pattern.compile("\"" + field + "\":\\s*\"((?:[^\"\\\\]|\\\\.)*)\"").matcher(answer);
        return found.find() ? found.group(1) : "";
    }
}
