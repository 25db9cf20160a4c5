package io.mlog.protocol;

import java.io.IOException;

/** What requests and responses have in common: their name on the wire, and how to be written. */
interface Message {
    /** The {@code type} field, such as {@code Produce} or {@code ProduceResponse}. */
    String type();

    /**
     * Writes every field but {@code id} and {@code type}; only the codecs of this package call it.
     */
    void writeFields(JsonWriter out) throws IOException;
}
