package io.mlog.model;

import java.util.Comparator;
import java.util.Objects;

/**
 * A node's data directory as a member of the metadata quorum: a node that lost its disk is another
 * peer under its old name, and neither votes nor counts as what it was.
 *
 * @param nodeId the operator's name for the node
 * @param directoryId random name of its data directory
 */
public record PeerId(String nodeId, String directoryId) implements Comparable<PeerId> {
    private static final char SEPARATOR = '@';
    private static final Comparator<PeerId> ORDER =
            Comparator.comparing(PeerId::nodeId).thenComparing(PeerId::directoryId);

    public PeerId {
        Objects.requireNonNull(nodeId);
        if (nodeId.isEmpty() || directoryId.isEmpty() || directoryId.indexOf(SEPARATOR) >= 0) {
            throw new IllegalArgumentException(
                    "node '%s' with directory '%s' names no peer: both must be given, the directory without '@'"
                            .formatted(nodeId, directoryId));
        }
    }

    /**
     * Reads what {@link #toString} writes.
     *
     * @throws IllegalArgumentException with the text and the expected form
     */
    public static PeerId parse(String text) {
        int separator = text.lastIndexOf(SEPARATOR);
        if (separator < 0) {
            throw new IllegalArgumentException("'" + text + "' is not NODE@DIRECTORY");
        }
        return new PeerId(text.substring(0, separator), text.substring(separator + 1));
    }

    @Override
    public int compareTo(PeerId other) {
        return ORDER.compare(this, other);
    }

    /** {@code NODE@DIRECTORY}. */
    @Override
    public String toString() {
        return nodeId + SEPARATOR + directoryId;
    }
}
