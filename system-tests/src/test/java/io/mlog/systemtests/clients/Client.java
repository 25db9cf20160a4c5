package io.mlog.systemtests.clients;

import io.mlog.systemtests.harness.Commands;
import io.mlog.systemtests.harness.Launch;
import io.mlog.systemtests.harness.Tools;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.common.utils.internals.AppInfoParser;

/** The clients of the matrix, in the order of the page; each tells its version itself. */
enum Client {
    JAVA("Java, kafka-clients", Source.BUILD) {
        @Override
        String version() {
            return AppInfoParser.getVersion();
        }
    },
    TOOLS("Kafka's command line tools", Source.BUILD) {
        @Override
        String version() throws Exception {
            return KafkaPrograms.version("kafka-tools");
        }
    },
    STREAMS("Kafka Streams", Source.BUILD) {
        @Override
        String version() throws Exception {
            return KafkaPrograms.version("kafka-streams");
        }
    },
    CONNECT("Kafka Connect", Source.BUILD) {
        @Override
        String version() throws Exception {
            return KafkaPrograms.version("connect-runtime");
        }
    },
    KCAT("kcat", Source.MACHINE) {
        @Override
        void requireOrSkip() {
            Tools.requireOrSkip("kcat");
        }

        @Override
        String version() throws Exception {
            return said("Version (\\S+) .*(librdkafka \\S+)", Launch.of("kcat", "-V"));
        }
    },
    KAFKA_PYTHON("Python, kafka-python", Source.MACHINE) {
        @Override
        void requireOrSkip() throws Exception {
            requirePython("kafka");
        }

        @Override
        String version() throws Exception {
            return said("(.+)", python("import kafka; print(kafka.__version__)"));
        }
    },
    CONFLUENT_PYTHON("Python, confluent-kafka", Source.MACHINE) {
        @Override
        void requireOrSkip() throws Exception {
            requirePython("confluent_kafka");
        }

        @Override
        String version() throws Exception {
            return said(
                    "(\\S+) (.+)",
                    python(
                            "import confluent_kafka as k;"
                                    + " print(k.version()[0], 'librdkafka', k.libversion()[0])"));
        }
    },
    KAFKAJS("Node.js, kafkajs", Source.BUILD) {
        @Override
        void requireOrSkip() throws Exception {
            NodeModules.requireOrSkip();
        }

        @Override
        String version() throws Exception {
            return NodeModules.version("kafkajs");
        }
    },
    PLATFORMATIC("Node.js, @platformatic/kafka", Source.BUILD) {
        @Override
        void requireOrSkip() throws Exception {
            NodeModules.requireOrSkip();
        }

        @Override
        String version() throws Exception {
            return NodeModules.version("@platformatic/kafka");
        }
    };

    /** Who decides which version it is. */
    enum Source {
        /** The poms and package files of this checkout. */
        BUILD,
        /** What is installed on the machine, so another version is no mistake of anybody. */
        MACHINE
    }

    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final String PYTHON = "/usr/bin/python3";

    private final String title;
    private final Source source;

    Client(String title, Source source) {
        this.title = title;
        this.source = source;
    }

    String title() {
        return title;
    }

    Source source() {
        return source;
    }

    /** Its version, asked from the client itself. */
    abstract String version() throws Exception;

    /** Skips the test when it is not there, see {@link Tools}. */
    void requireOrSkip() throws Exception {}

    private static String said(String pattern, Launch launch) throws Exception {
        String output = Commands.run(LIMIT, launch).ok().out();
        Matcher matcher = Pattern.compile(pattern).matcher(output);
        if (!matcher.find()) {
            throw new IllegalStateException("no version in " + output);
        }
        StringBuilder version = new StringBuilder(matcher.group(1));
        for (int i = 2; i <= matcher.groupCount(); i++) {
            version.append(", ").append(matcher.group(i));
        }
        return version.toString();
    }

    private static Launch python(String program) {
        return Launch.of(PYTHON, "-c", program);
    }

    private static void requirePython(String module) throws Exception {
        Tools.requireOrSkip(PYTHON);
        Tools.requireOrSkip(
                Commands.run(LIMIT, python("import " + module)).exit() == 0,
                PYTHON + " has no module " + module);
    }
}
