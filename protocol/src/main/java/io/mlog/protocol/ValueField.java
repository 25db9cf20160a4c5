package io.mlog.protocol;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A record's value while it is read: {@code value} (base64 or null) or {@code text}, not both. */
final class ValueField {
    private boolean present;
    private @Nullable Bytes value;

    void base64(JsonReader in) throws IOException {
        checkFirst(in);
        value = in.bytesOrNull();
    }

    void text(JsonReader in) throws IOException {
        checkFirst(in);
        value = Bytes.utf8(in.string());
    }

    @Nullable Bytes required(JsonReader in) {
        if (!present) {
            throw in.refuse("field 'value' (base64) or 'text' is missing");
        }
        return value;
    }

    private void checkFirst(JsonReader in) {
        if (present) {
            throw in.refuse("fields 'value' and 'text' are given both; give one");
        }
        present = true;
    }
}
