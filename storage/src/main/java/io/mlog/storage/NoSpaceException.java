package io.mlog.storage;

import java.io.IOException;

/** The disk (or its quota) is full: the write may succeed later, when something was deleted. */
public final class NoSpaceException extends IOException {
    private static final long serialVersionUID = 1L;

    /** Tells which file could not be written. */
    public NoSpaceException(String message) {
        super(message);
    }

    /** Tells which file could not be written, keeping what the system said. */
    public NoSpaceException(String message, IOException cause) {
        super(message, cause);
    }
}
