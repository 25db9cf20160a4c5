package io.mlog.systemtests.harness;

/** Where a {@link NumberWriter} or {@link SteadyWriter} sends: a producer at acks=all. */
public interface NumberSink extends AutoCloseable {

    /** Told exactly once per record what became of it. */
    interface Outcome {
        /** It is safe, at this offset. */
        void acknowledged(long offset);

        void failed(Throwable why);
    }

    /** Sends, after everything sent to that partition before; may wait for room. */
    void send(int partition, byte[] value, Outcome outcome) throws Exception;

    /** Waits until every record sent has its outcome. */
    void flush() throws Exception;

    /** Gives up at once what is still on its way. */
    @Override
    void close();
}
