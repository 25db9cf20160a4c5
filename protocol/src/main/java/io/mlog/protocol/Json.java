package io.mlog.protocol;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import java.util.OptionalLong;

/** How JSON is read and written here: the limits, and the envelope of {@code id} and type. */
final class Json {
    /** Deepest nesting that is read; our own messages need 5. */
    static final int MAX_DEPTH = 32;

    /** Longest string, in characters, base64 included. */
    static final int MAX_STRING_CHARS = 64 << 20;

    static final JsonFactory FACTORY =
            JsonFactory.builder()
                    .streamReadConstraints(
                            StreamReadConstraints.builder()
                                    .maxNestingDepth(MAX_DEPTH)
                                    .maxStringLength(MAX_STRING_CHARS)
                                    .maxNameLength(256)
                                    .maxNumberLength(32)
                                    .build())
                    // Names come from strangers: they are not kept for the life of the process.
                    .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
                    .disable(com.fasterxml.jackson.core.StreamWriteFeature.AUTO_CLOSE_TARGET)
                    .disable(com.fasterxml.jackson.core.StreamWriteFeature.FLUSH_PASSED_TO_STREAM)
                    .build();

    private Json() {}

    static void write(JsonGenerator generator, OptionalLong id, Message message)
            throws IOException {
        JsonWriter out = new JsonWriter(generator);
        out.beginObject();
        out.numberOrNull("id", id);
        out.string("type", message.type());
        message.writeFields(out);
        out.endObject();
    }
}
