package io.mlog.protocol;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import io.mlog.model.ErrorCode;
import io.mlog.model.MlogException;
import java.io.IOException;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * A payload of which {@code id} and {@code type} are known, and whose other fields come next. One
 * thread.
 *
 * <p>When both come first, as every client of ours writes them, the parser simply goes on from
 * there; otherwise it starts again and the message's own fields are picked out in a second pass.
 */
final class Envelope implements AutoCloseable {
    private final JsonParser parser;
    private final OptionalLong id;
    private final @Nullable String type;
    private final Optional<MlogException> problem;

    private Envelope(
            JsonParser parser,
            OptionalLong id,
            @Nullable String type,
            Optional<MlogException> problem) {
        this.parser = parser;
        this.id = id;
        this.type = type;
        this.problem = problem;
    }

    /** Reads the fields of a message of the given type. */
    interface MessageReader<T> {
        T read(String type, JsonReader in) throws IOException;
    }

    static Envelope open(byte[] array, int offset, int length) {
        Scan scan = new Scan();
        JsonParser parser = parser(array, offset, length);
        Optional<MlogException> problem = scan.run(parser);
        if (problem.isEmpty() && !scan.inFront) {
            closeQuietly(parser);
            parser = parser(array, offset, length);
            problem = attempt(parser::nextToken, parser);
        }
        return new Envelope(parser, scan.id, scan.type, problem);
    }

    /** The id, as far as it could be read. */
    OptionalLong id() {
        return id;
    }

    /** Why there is no message to read, when there is none. */
    Optional<MlogException> problem() {
        return problem;
    }

    /**
     * Reads the message.
     *
     * @throws MlogException when the fields are not as they should be
     */
    <T> T read(MessageReader<T> reader) {
        if (type == null) {
            throw new IllegalStateException("an envelope with a problem has no message to read");
        }
        JsonReader in = new JsonReader(parser);
        try {
            T message = reader.read(type, in);
            if (parser.nextToken() != null) {
                throw in.refuse("something follows the JSON object within the frame");
            }
            return message;
        } catch (JsonProcessingException e) {
            throw notJson(e, parser);
        } catch (IOException e) {
            throw new IllegalStateException("reading from an array cannot fail", e);
        }
    }

    @Override
    public void close() {
        closeQuietly(parser);
    }

    private static JsonParser parser(byte[] array, int offset, int length) {
        try {
            return Json.FACTORY.createParser(array, offset, length);
        } catch (IOException e) {
            throw new IllegalStateException("a parser of an array reads nothing yet", e);
        }
    }

    private static void closeQuietly(JsonParser parser) {
        try {
            parser.close();
        } catch (IOException e) {
            throw new IllegalStateException("a parser of an array has nothing to close", e);
        }
    }

    private interface Step {
        @Nullable Object run() throws IOException;
    }

    private static Optional<MlogException> attempt(Step step, JsonParser parser) {
        try {
            step.run();
            return Optional.empty();
        } catch (MlogException e) {
            return Optional.of(e);
        } catch (JsonProcessingException e) {
            return Optional.of(notJson(e, parser));
        } catch (IOException e) {
            throw new IllegalStateException("reading from an array cannot fail", e);
        }
    }

    private static MlogException notJson(JsonProcessingException e, JsonParser parser) {
        String path = new JsonReader(parser).path();
        return new MlogException(
                ErrorCode.INVALID_REQUEST,
                (path.isEmpty() ? "" : "field '" + path + "': ")
                        + e.getOriginalMessage()
                        + " (at byte "
                        + parser.currentLocation().getByteOffset()
                        + ")");
    }

    /** The search for {@code id} and {@code type}. */
    private static final class Scan {
        private OptionalLong id = OptionalLong.empty();
        private @Nullable String type;
        private boolean inFront;

        Optional<MlogException> run(JsonParser parser) {
            return attempt(
                    () -> {
                        search(parser);
                        return null;
                    },
                    parser);
        }

        private void search(JsonParser parser) throws IOException {
            JsonReader in = new JsonReader(parser);
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw in.refuse("a payload must be one JSON object");
            }
            boolean onlyTheseTwo = true;
            for (String field = in.nextField(); field != null; field = in.nextField()) {
                switch (field) {
                    case "id" -> id = in.optionalInt64();
                    case "type" -> type = in.string();
                    default -> {
                        onlyTheseTwo = false;
                        in.skip();
                    }
                }
                if (id.isPresent() && type != null) {
                    inFront = onlyTheseTwo;
                    return;
                }
            }
            if (type == null) {
                throw in.refuse("field 'type' is missing: the name of the request");
            }
        }
    }
}
