package io.mlog.core.metadata;

/**
 * Bytes that are not metadata of a format this build knows: damaged, or written by a newer build.
 * The node must stop; skipping a command would make its image another than everyone else's.
 */
public final class MetadataFormatException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Says what was expected and found, and what to do. */
    public MetadataFormatException(String message) {
        super(message);
    }
}
