package io.mlog.cluster.raft.rpc;

/** What other nodes may ask of this one besides Raft's own calls. Methods block. */
public interface LeaderService {
    /**
     * Proposes the commands and waits for what becomes of them; never throws once one was taken.
     */
    QuorumReply submit(ForwardedCommands commands);

    /** Confirms that this node leads, and says how far the log is committed. */
    QuorumReply catchUp(int timeoutMs);

    /** Whom this node follows. */
    QuorumReply whoLeads();
}
