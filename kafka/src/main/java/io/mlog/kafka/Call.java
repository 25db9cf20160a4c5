package io.mlog.kafka;

import io.mlog.services.WaitingFetch;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One request on its way to its one answer. A second answer is our bug and is refused; an exception
 * of ours on the way to the first becomes a closed connection and a line in the log. Any thread.
 */
final class Call {
    private static final Logger log = LoggerFactory.getLogger(Call.class);

    private final ApiVersionRange api;
    private final short version;
    private final int correlationId;
    private final KafkaConnection connection;
    private final Consumer<KafkaReply> reply;
    private final AtomicBoolean answered = new AtomicBoolean();
    private String clientId = "";
    private WaitingFetch waiting = WaitingFetch.NOT_WAITING;

    Call(
            ApiVersionRange api,
            short version,
            int correlationId,
            KafkaConnection connection,
            Consumer<KafkaReply> reply) {
        this.api = api;
        this.version = version;
        this.correlationId = correlationId;
        this.connection = connection;
        this.reply = reply;
    }

    short version() {
        return version;
    }

    KafkaConnection connection() {
        return connection;
    }

    /** Takes the name in that the client gave itself; only on the handling thread. */
    void clientId(@Nullable String name) {
        clientId = name == null ? "" : name;
    }

    /** What the client calls itself in the request, empty when it does not. */
    String clientId() {
        return clientId;
    }

    /** What is to be cancelled when the connection closes first; only on the handling thread. */
    void waitsFor(WaitingFetch fetch) {
        waiting = fetch;
    }

    WaitingFetch waiting() {
        return waiting;
    }

    /** Answers with {@code response} in the request's version. */
    void reply(ApiMessage response) {
        deliver(encode(response));
    }

    /** The answer that {@link #reply} would send; with records in it, they are its owner's. */
    KafkaReply encode(ApiMessage response) {
        return new KafkaReply.Send(
                api.api(),
                FrameWriter.frame(correlationId, hasFlexibleHeader(), response, version));
    }

    /** Answers with a body that others have written. */
    void replyBody(ByteBuffer body) {
        deliver(
                new KafkaReply.Send(
                        api.api(),
                        List.of(FrameWriter.frame(correlationId, hasFlexibleHeader(), body))));
    }

    private boolean hasFlexibleHeader() {
        return ApiKeys.forId(api.key()).responseHeaderVersion(version) >= 1;
    }

    /** Answers by silence: the client asked for no reply. */
    void nothing() {
        deliver(new KafkaReply.Nothing(api.api()));
    }

    /** Closes the connection; what was asked and by whom is put before {@code reason}. */
    void close(String reason) {
        deliver(
                new KafkaReply.Close(
                        api.api(), describe(api.api(), api.key(), version, connection) + reason));
    }

    static String describe(String api, short key, short version, KafkaConnection connection) {
        return api
                + " (key "
                + key
                + ") version "
                + version
                + " from "
                + connection.remoteAddress()
                + ", client software "
                + connection.clientSoftware()
                + ": ";
    }

    /** Hands over the one answer. */
    void deliver(KafkaReply answer) {
        if (!answered.compareAndSet(false, true)) {
            throw new IllegalStateException("a second answer to one " + api.api() + " request");
        }
        reply.accept(answer);
    }

    /** Runs a step towards the answer; when the step fails, the failure is the answer. */
    void guard(Runnable step) {
        try {
            step.run();
        } catch (RuntimeException e) {
            broken(e);
        }
    }

    /** Answers when {@code response} is there. */
    void replyWhen(CompletableFuture<? extends ApiMessage> response) {
        response.whenComplete((message, failure) -> {
            if (failure == null) {
                guard(() -> reply(Objects.requireNonNull(message)));
            } else {
                broken(failure);
            }
        });
    }

    private void broken(Throwable failure) {
        log.error("answering {} version {} failed", api.api(), version, failure);
        if (!answered.get()) {
            close("internal error, see the broker's log: " + failure);
        }
    }
}
