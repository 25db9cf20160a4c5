package io.mlog.groups.coordinator;

import io.mlog.model.ErrorCode;
import io.mlog.model.MlogException;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/** Kafka's errors about groups as our refusals. */
final class Refusals {
    private static final Map<Short, ErrorCode> CODES = new HashMap<>();

    static {
        for (ErrorCode code : ErrorCode.values()) {
            CODES.putIfAbsent(code.kafkaCode(), code);
        }
    }

    private Refusals() {}

    /** Of a request about a group as a whole. */
    static MlogException of(Errors error, String group) {
        return of(error, group, "the request");
    }

    /**
     * Of a request about a group.
     *
     * @param what was refused, with its values
     */
    static MlogException of(Errors error, String group, String what) {
        return of(error, group, what, null);
    }

    /**
     * The same.
     *
     * @param why the coordinator's own sentence, when it gave one
     */
    static MlogException of(Errors error, String group, String what, @Nullable String why) {
        String sentence =
                switch (error) {
                    case NOT_COORDINATOR -> "another broker coordinates group '" + group + "'";
                    case COORDINATOR_LOAD_IN_PROGRESS ->
                            "the coordinator of group '" + group + "' is reading its records";
                    case COORDINATOR_NOT_AVAILABLE ->
                            "the coordinator of group '" + group + "' cannot write at present";
                    case GROUP_ID_NOT_FOUND -> "there is no group '" + group + "'";
                    case NON_EMPTY_GROUP -> "group '" + group + "' has members";
                    case UNKNOWN_MEMBER_ID -> "group '" + group + "' has no such member: " + what;
                    case ILLEGAL_GENERATION ->
                            "the generation of group '" + group + "' is another: " + what;
                    case FENCED_MEMBER_EPOCH, STALE_MEMBER_EPOCH ->
                            "the member of group '" + group + "' is in another epoch: " + what;
                    case REBALANCE_IN_PROGRESS ->
                            "group '" + group + "' is being rebalanced: " + what;
                    default ->
                            what
                                    + " of group '"
                                    + group
                                    + "': "
                                    + (why == null ? error.message() : why);
                };
        return new MlogException(code(error), sentence);
    }

    /** What we have no finer word for is a request that will never be right, or our fault. */
    private static ErrorCode code(Errors error) {
        ErrorCode exact = CODES.get(error.code());
        if (exact != null) {
            return exact;
        }
        return error.exception() instanceof RetriableException
                ? ErrorCode.COORDINATOR_NOT_AVAILABLE
                : ErrorCode.INVALID_REQUEST;
    }
}
