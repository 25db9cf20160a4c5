package io.mlog.broker.replica;

/** Told of signs that a broker's process is gone; whoever watches brokers looks closer then. */
@FunctionalInterface
public interface ContactHints {
    /** Nobody wants hints. */
    ContactHints NONE = brokerId -> {};

    /** A connection to the broker was refused, reset or closed. Any thread; does not block. */
    void lost(int brokerId);
}
