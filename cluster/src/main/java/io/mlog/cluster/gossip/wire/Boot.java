package io.mlog.cluster.gossip.wire;

import io.mlog.model.HostPort;
import java.util.regex.Pattern;

/**
 * A member as gossip names it: one boot of a node, and where it is reached.
 *
 * @param nodeId of the form that {@code --node-id} must have
 * @param bootEpoch 0 or more
 */
public record Boot(String nodeId, long bootEpoch, HostPort address) {
    private static final Pattern NODE_ID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");

    public Boot {
        if (!NODE_ID.matcher(nodeId).matches()) {
            throw new IllegalArgumentException("a node id of another form");
        }
        if (bootEpoch < 0) {
            throw new IllegalArgumentException("boot epoch " + bootEpoch + " is below 0");
        }
    }

    /**
     * Reads a name as {@link #id} writes it.
     *
     * @throws IllegalArgumentException when it is none
     */
    public static Boot parse(String id, HostPort address) {
        int hash = id.lastIndexOf('#');
        if (hash < 0) {
            throw new IllegalArgumentException("a member id without a boot epoch");
        }
        return new Boot(id.substring(0, hash), epoch(id.substring(hash + 1)), address);
    }

    /** Its message may be logged, so it does not hold the text. */
    private static long epoch(String digits) {
        try {
            return Long.parseLong(digits);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("a boot epoch that is no number", e);
        }
    }

    /** Its name, {@code nodeId#bootEpoch}. */
    public String id() {
        return nodeId + "#" + bootEpoch;
    }
}
