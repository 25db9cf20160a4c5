package io.mlog.storage;

import java.nio.ByteBuffer;
import java.util.Map;

/** The state of a log whose producers nobody tracks. */
final class NoProducerState implements ProducerState {
    private static final byte[] EMPTY = {};

    @Override
    public byte[] snapshot() {
        return EMPTY;
    }

    @Override
    public void reset() {}

    @Override
    public void restore(long offset, ByteBuffer snapshot) {}

    @Override
    public Map<Long, Long> lastBatchesBelow(long offset) {
        return Map.of();
    }

    @Override
    public void replay(ByteBuffer header, int at) {}
}
