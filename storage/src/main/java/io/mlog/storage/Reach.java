package io.mlog.storage;

/**
 * How much of a segment must be as it was written: everything below {@code durableBytes}; what lies
 * behind may be torn by a crash.
 *
 * @param durableBytes {@link #WHOLE}: the whole file
 * @param closed whether another segment follows
 * @param stoppedCleanly whether the broker that wrote it has ended in order
 */
record Reach(int durableBytes, boolean closed, boolean stoppedCleanly) {
    static final int WHOLE = Integer.MAX_VALUE;

    boolean whole() {
        return durableBytes == WHOLE;
    }

    boolean covers(int position) {
        return position < durableBytes;
    }
}
