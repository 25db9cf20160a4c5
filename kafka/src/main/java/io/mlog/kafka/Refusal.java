package io.mlog.kafka;

import io.mlog.model.ErrorCode;
import io.mlog.model.MlogException;
import java.util.concurrent.CompletionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Why a part of a request was not done.
 *
 * @param code Kafka's error number, not 0
 * @param message for a person: what was asked, what holds instead, what to do
 */
record Refusal(short code, String message) {
    private static final Logger log = LoggerFactory.getLogger(Refusal.class);

    Refusal(ErrorCode code, String message) {
        this(KafkaErrors.toClients(code), message);
    }

    /** The refusal that a service threw; anything else is our bug, logged and told as such. */
    static Refusal of(Throwable failure) {
        Throwable cause = cause(failure);
        if (cause instanceof MlogException refused) {
            return new Refusal(refused.code(), refused.reason());
        }
        log.error("a service failed", cause);
        return new Refusal(
                ErrorCode.UNKNOWN_SERVER_ERROR, "internal error, see the broker's log: " + cause);
    }

    /**
     * The same for a change of the metadata. A broker that stops, or that has too many changes
     * under way already, takes none: with NOT_CONTROLLER admin clients ask again, and another
     * broker if there is one; with NOT_LEADER_OR_FOLLOWER they give up.
     */
    static Refusal ofChange(Throwable failure) {
        return cause(failure) instanceof MlogException refused
                        && refused.code() == ErrorCode.NOT_READY
                ? new Refusal(ErrorCode.NOT_CONTROLLER, refused.reason())
                : of(failure);
    }

    private static Throwable cause(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null
                ? failure.getCause()
                : failure;
    }
}
