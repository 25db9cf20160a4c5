package io.mlog.broker.http;

import static java.nio.charset.StandardCharsets.UTF_8;

/** An answer to a browser or a script. */
record HttpAnswer(int status, String contentType, byte[] body) {
    static HttpAnswer text(int status, String text) {
        return new HttpAnswer(status, "text/plain; charset=utf-8", (text + "\n").getBytes(UTF_8));
    }

    static HttpAnswer html(String page) {
        return new HttpAnswer(200, "text/html; charset=utf-8", page.getBytes(UTF_8));
    }
}
