package io.mlog.kafka;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Readable;
import org.jspecify.annotations.Nullable;

/**
 * Reads the fields of one request in their order, in the encoding of its version, into plain lists.
 * It reads the requests for which Kafka's message classes would fill hash tables with names that
 * the client chose (see {@link HashedByIdentity}). One thread, one request.
 */
final class FieldReader {
    /** The first request header of the versions with compact strings and tagged fields. */
    private static final int FLEXIBLE_HEADER = 2;

    private final Readable in;
    private final boolean flexible;

    FieldReader(Readable in, ApiKeys api, short version) {
        this.in = in;
        this.flexible = api.requestHeaderVersion(version) >= FLEXIBLE_HEADER;
    }

    boolean bool() {
        return in.readByte() != 0;
    }

    byte int8() {
        return in.readByte();
    }

    short int16() {
        return in.readShort();
    }

    int int32() {
        return in.readInt();
    }

    String string() {
        String value = nullableString();
        if (value == null) {
            throw new IllegalArgumentException("a string is null that may not be");
        }
        return value;
    }

    @Nullable String nullableString() {
        int length = flexible ? in.readUnsignedVarint() - 1 : in.readShort();
        if (length > Short.MAX_VALUE) {
            throw new IllegalArgumentException(
                    "a string of " + length + " bytes, of " + Short.MAX_VALUE + " at most");
        }
        return length < 0 ? null : in.readString(length);
    }

    /** A list that may not be null; {@code element} reads one of it. */
    <T> List<T> list(Supplier<T> element) {
        List<T> elements = nullableList(element);
        if (elements == null) {
            throw new IllegalArgumentException("a list is null that may not be");
        }
        return elements;
    }

    /** A list; {@code element} reads one of it. */
    <T> @Nullable List<T> nullableList(Supplier<T> element) {
        int length = flexible ? in.readUnsignedVarint() - 1 : in.readInt();
        int remaining = in.remaining();
        if (length < 0) {
            return null;
        }
        if (length > remaining) {
            throw new IllegalArgumentException(
                    "a list of " + length + " elements in " + remaining + " bytes");
        }
        List<T> elements = new ArrayList<>(length);
        for (int i = 0; i < length; i++) {
            elements.add(element.get());
        }
        return elements;
    }

    /** The end of a structure: tagged fields, which none of these requests has, are skipped. */
    void end() {
        if (!flexible) {
            return;
        }
        int count = in.readUnsignedVarint();
        int remaining = in.remaining();
        if (count < 0 || count > remaining) {
            throw new IllegalArgumentException(count + " tagged fields in " + remaining + " bytes");
        }
        for (int i = 0; i < count; i++) {
            int tag = in.readUnsignedVarint();
            in.readUnknownTaggedField(new ArrayList<>(1), tag, in.readUnsignedVarint());
        }
    }
}
