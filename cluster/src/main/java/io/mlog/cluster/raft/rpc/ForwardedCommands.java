package io.mlog.cluster.raft.rpc;

import java.util.List;
import java.util.UUID;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;

/**
 * Commands that a node hands to the leader, to be proposed in this order.
 *
 * @param client random name of the sending process' life
 * @param term in which the receiver is believed to lead: in any other it must not take them
 * @param timeoutMs how long the sender waits
 */
public record ForwardedCommands(UUID client, long term, int timeoutMs, List<Command> commands) {
    /** Most commands at once. */
    public static final int MOST = 256;

    /** Bytes after which no further command is added. */
    public static final int ENOUGH_BYTES = 1 << 20;

    public ForwardedCommands {
        commands = List.copyOf(commands);
    }

    /**
     * A command.
     *
     * @param callId never used again by the same client
     */
    public record Command(long callId, ByteString bytes) {}
}
