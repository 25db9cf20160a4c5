package io.mlog.cluster.raft.rpc;

import io.mlog.model.ErrorCode;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;

/** What became of one proposed command. */
public sealed interface CommandOutcome {
    /**
     * It was applied.
     *
     * @param index of its log entry
     * @param result of the machine, as {@link io.mlog.core.metadata.ResultCodec} writes it
     */
    record Applied(long index, ByteString result) implements CommandOutcome {}

    /** It certainly is in no log, and may be proposed again. */
    record Untaken(String reason) implements CommandOutcome {}

    /** It certainly is in no log, and trying again does not help. */
    record Refused(ErrorCode code, String sentence) implements CommandOutcome {}

    /** It may or may not be in a log. */
    record Unknown(String reason) implements CommandOutcome {}
}
