package io.mlog.systemtests.harness;

import java.nio.file.Path;
import java.time.Duration;

/**
 * Python with one of its two Kafka libraries, run by the system's own Python.
 *
 * @param library which of them
 */
public record PythonSpeaker(Library library) implements Speaker {
    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final String PYTHON = "/usr/bin/python3";

    /** The libraries; each has a script with {@code write} and {@code read}. */
    public enum Library {
        /** Pure Python; asks with the oldest versions of the protocol. */
        KAFKA_PYTHON("kafka", "kafka_python.py"),
        /** A binding of librdkafka. */
        CONFLUENT("confluent_kafka", "confluent.py");

        private final String module;
        private final String script;

        Library(String module, String script) {
            this.module = module;
            this.script = script;
        }
    }

    @Override
    public void requireOrSkip() throws Exception {
        Tools.requireOrSkip(PYTHON);
        Ran ran = Commands.run(LIMIT, Launch.of(PYTHON, "-c", "import " + library.module));
        Tools.requireOrSkip(ran.exit() == 0, PYTHON + " has no module " + library.module);
    }

    @Override
    public void write(String address, String topic, Path text) throws Exception {
        Commands.run(LIMIT, script("write", address, topic).from(text)).ok();
    }

    @Override
    public void read(String address, String topic, int count, Path into) throws Exception {
        Commands.run(LIMIT, script("read", address, topic, Integer.toString(count)).to(into)).ok();
    }

    /** Another command of the library's script. */
    public Launch script(String... arguments) {
        Path script =
                Checkout.root().resolve("system-tests/src/test/python").resolve(library.script);
        return Launch.of(PYTHON, script.toString()).with(arguments);
    }

    @Override
    public String toString() {
        return "Python " + library.module;
    }
}
