package io.mlog.systemtests.harness;

/** Where a {@link NumberWriter} sends its records: a producer of some client at acks=all. */
public interface NumberSink extends AutoCloseable {

    /** Told exactly once per record what became of it. */
    interface Outcome {
        void acknowledged();

        void failed(Throwable why);
    }

    /** Sends to partition 0, after everything sent before; may wait for room. */
    void send(byte[] value, Outcome outcome) throws Exception;

    /** Waits until every record sent has its outcome. */
    void flush() throws Exception;

    /** Gives up at once what is still on its way. */
    @Override
    void close();
}
