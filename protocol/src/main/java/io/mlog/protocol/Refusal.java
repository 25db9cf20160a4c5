package io.mlog.protocol;

import io.mlog.model.ErrorCode;
import java.io.IOException;
import java.util.Optional;

/**
 * Why one part of a request was not done, while others may have been.
 *
 * @param code what kind; a code that this version does not know is read as UNKNOWN_SERVER_ERROR
 * @param message what was asked, what holds instead and what to do
 */
public record Refusal(ErrorCode code, String message) {
    static Refusal read(JsonReader in) throws IOException {
        in.object();
        String code = null;
        String message = "";
        for (String field = in.nextField(); field != null; field = in.nextField()) {
            switch (field) {
                case "code" -> code = in.string();
                case "message" -> message = in.string();
                default -> in.skip();
            }
        }
        String name = in.required("code", code);
        Optional<ErrorCode> known = ErrorResponse.known(name);
        return new Refusal(
                known.orElse(ErrorCode.UNKNOWN_SERVER_ERROR),
                known.isPresent() ? message : name + ": " + message);
    }

    /** Leaves the field out when nothing was refused. */
    static void write(JsonWriter out, Optional<Refusal> refusal) throws IOException {
        if (refusal.isPresent()) {
            out.field("error");
            out.beginObject();
            out.string("code", refusal.get().code.name());
            out.string("message", refusal.get().message);
            out.endObject();
        }
    }
}
