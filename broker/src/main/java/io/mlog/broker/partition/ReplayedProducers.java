package io.mlog.broker.partition;

import io.mlog.core.producer.ProducerStates;
import io.mlog.records.BatchHeader;
import io.mlog.storage.ProducerState;
import java.nio.ByteBuffer;
import java.time.InstantSource;
import java.util.Map;

/**
 * Lets a log save and rebuild the sequences of its idempotent producers. Called with the
 * partition's lock held, or before the partition exists.
 */
public final class ReplayedProducers implements ProducerState {
    private final ProducerStates states;
    private final InstantSource clock;

    /**
     * Fills {@code states}, which the partition then owns.
     *
     * @param clock its time is taken for that of every batch replayed, since the log does not keep
     *     when a batch was appended: a producer is rather remembered too long than forgotten too
     *     early
     */
    public ReplayedProducers(ProducerStates states, InstantSource clock) {
        this.states = states;
        this.clock = clock;
    }

    /** The states that are filled. */
    public ProducerStates states() {
        return states;
    }

    @Override
    public byte[] snapshot() {
        return states.snapshot();
    }

    @Override
    public void reset() {
        states.clear();
    }

    @Override
    public void restore(long offset, ByteBuffer snapshot) {
        states.restore(snapshot);
    }

    @Override
    public Map<Long, Long> lastBatchesBelow(long offset) {
        return states.lastBatchesBelow(offset);
    }

    @Override
    public void replay(ByteBuffer header, int at) {
        long producerId = BatchHeader.producerId(header, at);
        if (producerId != BatchHeader.NO_PRODUCER_ID && !BatchHeader.control(header, at)) {
            states.appended(
                    producerId,
                    BatchHeader.producerEpoch(header, at),
                    BatchHeader.baseSequence(header, at),
                    BatchHeader.lastOffsetDelta(header, at) + 1,
                    BatchHeader.baseOffset(header, at),
                    clock.millis());
        }
    }
}
