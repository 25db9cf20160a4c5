package io.mlog.broker.partition;

import io.mlog.model.ErrorCode;
import io.mlog.model.OffsetAndEpoch;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * A leader's answer for one partition.
 *
 * @param error NONE, or why nothing was read
 * @param highWatermark the leader's, -1 when it does not tell it
 * @param logStartOffset the leader's, -1 when it does not tell it
 * @param divergence the largest epoch of the leader at or below the asked {@code lastFetchedEpoch}
 *     and the offset where it ended, when the two logs differ below the fetch offset
 * @param records batches as the leader's log has them, from position to limit; the last one may be
 *     cut short; direct or on the heap
 */
public record ReplicaData(
        ErrorCode error,
        long highWatermark,
        long logStartOffset,
        Optional<OffsetAndEpoch> divergence,
        ByteBuffer records) {}
