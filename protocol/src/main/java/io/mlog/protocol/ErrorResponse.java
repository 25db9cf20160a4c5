package io.mlog.protocol;

import io.mlog.model.ErrorCode;
import io.mlog.model.HostPort;
import io.mlog.model.MlogException;
import java.io.IOException;
import java.util.Objects;
import java.util.Optional;

/**
 * A refusal, in place of any response.
 *
 * @param code what kind; a code that this version does not know is read as UNKNOWN_SERVER_ERROR
 * @param message what was asked, what holds instead and what to do
 * @param leader with NOT_LEADER, where the leader is reached, and with NOT_COORDINATOR the group's
 *     coordinator, when it is known
 * @param retriable whether the same request may succeed later without being changed
 */
public record ErrorResponse(
        ErrorCode code, String message, Optional<HostPort> leader, boolean retriable)
        implements RpcResponse {
    public ErrorResponse {
        Objects.requireNonNull(message);
    }

    /** The refusal with the code's own {@code retriable} and no leader. */
    public static ErrorResponse of(ErrorCode code, String message) {
        return new ErrorResponse(code, message, Optional.empty(), code.retriable());
    }

    /** The refusal that the exception stands for. */
    public static ErrorResponse of(MlogException refusal) {
        return of(refusal.code(), refusal.reason());
    }

    /** NOT_LEADER, with the leader's address. */
    public static ErrorResponse notLeader(String message, HostPort leader) {
        return elsewhere(ErrorCode.NOT_LEADER, message, leader);
    }

    /** NOT_COORDINATOR, with the coordinator's address. */
    public static ErrorResponse notCoordinator(String message, HostPort coordinator) {
        return elsewhere(ErrorCode.NOT_COORDINATOR, message, coordinator);
    }

    private static ErrorResponse elsewhere(ErrorCode code, String message, HostPort where) {
        return new ErrorResponse(code, message, Optional.of(where), code.retriable());
    }

    @Override
    public String type() {
        return "Error";
    }

    @Override
    public void writeFields(JsonWriter out) throws IOException {
        out.string("code", code.name());
        out.string("message", message);
        out.optional("leader", leader.map(HostPort::toString));
        out.bool("retriable", retriable);
    }

    static ErrorResponse read(JsonReader in) throws IOException {
        String code = null;
        String message = "";
        Optional<HostPort> leader = Optional.empty();
        boolean retriable = false;
        for (String field = in.nextField(); field != null; field = in.nextField()) {
            switch (field) {
                case "code" -> code = in.string();
                case "message" -> message = in.string();
                case "leader" -> leader = in.optionalAddress();
                case "retriable" -> retriable = in.bool();
                default -> in.skip();
            }
        }
        String name = in.required("code", code);
        Optional<ErrorCode> known = known(name);
        return new ErrorResponse(
                known.orElse(ErrorCode.UNKNOWN_SERVER_ERROR),
                known.isPresent() ? message : name + ": " + message,
                leader,
                retriable);
    }

    static Optional<ErrorCode> known(String name) {
        for (ErrorCode code : ErrorCode.values()) {
            if (code.name().equals(name)) {
                return Optional.of(code);
            }
        }
        return Optional.empty();
    }
}
