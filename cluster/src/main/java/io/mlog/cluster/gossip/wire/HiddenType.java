package io.mlog.cluster.gossip.wire;

import java.io.Externalizable;
import java.io.IOException;
import java.io.ObjectInput;
import java.io.ObjectOutput;
import java.lang.reflect.Constructor;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A type of the library's data that its package hides. An object of it is its fields in the order
 * in which it would write them to a stream of objects; no such stream is ever made. Immutable.
 */
final class HiddenType {
    private final Class<?> type;

    private HiddenType(Class<?> type) {
        this.type = type;
    }

    /** The type of that name below the library's own package. */
    static HiddenType named(String name) {
        try {
            return new HiddenType(Class.forName("io.scalecube.cluster." + name));
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException("the library has changed: " + name + " is gone", e);
        }
    }

    /** The constant of an enum with that name. */
    Object constant(String name) {
        for (Object constant : Objects.requireNonNull(type.getEnumConstants())) {
            if (((Enum<?>) constant).name().equals(name)) {
                return constant;
            }
        }
        throw new IllegalStateException("the library has changed: " + type + " has no " + name);
    }

    /** An object with these fields. */
    Object of(@Nullable Object... fields) {
        try {
            Constructor<?> constructor = type.getDeclaredConstructor();
            constructor.setAccessible(true);
            Externalizable object = (Externalizable) constructor.newInstance();
            object.readExternal(playing(Arrays.asList(fields).iterator()));
            return object;
        } catch (ReflectiveOperationException | IOException e) {
            throw new IllegalStateException("the library has changed: " + type.getName(), e);
        }
    }

    /** The fields of an object. */
    List<@Nullable Object> fieldsOf(Object object) {
        List<@Nullable Object> fields = new ArrayList<>();
        try {
            ((Externalizable) type.cast(object)).writeExternal(recording(fields));
        } catch (IOException e) {
            throw new IllegalStateException("the library has changed: " + type.getName(), e);
        }
        return fields;
    }

    /** Gives the fields to whoever reads them, whatever the method. */
    private static ObjectInput playing(Iterator<? extends @Nullable Object> fields) {
        return (ObjectInput)
                Proxy.newProxyInstance(
                        HiddenType.class.getClassLoader(),
                        new Class<?>[] {ObjectInput.class},
                        (proxy, method, arguments) -> {
                            Object field = fields.next();
                            if (!method.getName().equals("readFully")) {
                                return field;
                            }
                            byte[] source = (byte[]) Objects.requireNonNull(field);
                            System.arraycopy(source, 0, arguments[0], 0, source.length);
                            return null;
                        });
    }

    /** Takes whatever is written, whatever the method. */
    private static ObjectOutput recording(List<@Nullable Object> fields) {
        return (ObjectOutput)
                Proxy.newProxyInstance(
                        HiddenType.class.getClassLoader(),
                        new Class<?>[] {ObjectOutput.class},
                        (proxy, method, arguments) -> {
                            fields.add(arguments[0]);
                            return null;
                        });
    }
}
