package io.mlog.systemtests.harness;

import java.nio.file.Path;
import java.util.List;

/** A client program that can write the lines of a file to a topic and read them back. */
public interface Speaker {

    /** Every speaker a test may have talk to every other. */
    static List<Speaker> all() {
        return List.of(
                new MlogSpeaker(),
                new KcatSpeaker("none"),
                new JavaKafkaSpeaker(),
                new PythonSpeaker(PythonSpeaker.Library.KAFKA_PYTHON),
                new PythonSpeaker(PythonSpeaker.Library.CONFLUENT));
    }

    /** Skips the test when the program is not there, see {@link Tools}. */
    void requireOrSkip() throws Exception;

    /** Each line becomes a record of partition 0; returns when all are acknowledged. */
    void write(String address, String topic, Path text) throws Exception;

    /** Writes the first {@code count} records of partition 0 into the file, a line each. */
    void read(String address, String topic, int count, Path into) throws Exception;
}
