package io.mlog.systemtests.clients;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlog.systemtests.harness.Commands;
import io.mlog.systemtests.harness.PythonSpeaker;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;

/** What the two Kafka libraries of Python do. */
final class PythonRows {
    private static final int COUNT = 500;
    private static final Duration LIMIT = Duration.ofSeconds(90);

    private PythonRows() {}

    static List<Row> rows() {
        return List.of(
                kafkaPython(
                        "producer with acks=all, consumer with assign and seek",
                        stage -> exchange(stage, PythonSpeaker.Library.KAFKA_PYTHON)),
                kafkaPython(
                        "consumer in a group, commit",
                        stage -> readsAsMember(stage, PythonSpeaker.Library.KAFKA_PYTHON)),
                kafkaPython(
                        "admin: topics, partitions, configs",
                        stage -> administers(stage, PythonSpeaker.Library.KAFKA_PYTHON)),
                kafkaPython(
                        "admin: list, describe and delete groups, their offsets",
                        PythonRows::administersGroups),
                confluent(
                        "idempotent producer, consumer with assign",
                        stage -> exchange(stage, PythonSpeaker.Library.CONFLUENT)),
                confluent(
                        "consumer in a group, commit",
                        stage -> readsAsMember(stage, PythonSpeaker.Library.CONFLUENT)),
                confluent(
                        "admin: topics, partitions, configs",
                        stage -> administers(stage, PythonSpeaker.Library.CONFLUENT)));
    }

    private static Row kafkaPython(String what, Check check) {
        return Row.works(Client.KAFKA_PYTHON, what, check);
    }

    private static Row confluent(String what, Check check) {
        return Row.works(Client.CONFLUENT_PYTHON, what, check);
    }

    private static void exchange(Stage stage, PythonSpeaker.Library library) throws Exception {
        stage.createTopic(1);
        List<String> texts = Stage.texts(COUNT);
        Path file = Files.write(stage.folder().resolve("texts"), texts);
        PythonSpeaker python = new PythonSpeaker(library);
        python.write(stage.addresses(), stage.topic(), file);
        Path read = stage.folder().resolve("read");
        python.read(stage.addresses(), stage.topic(), COUNT, read);
        assertThat(read).hasSameTextualContentAs(file);
        assertThat(stage.read(0)).isEqualTo(texts);
    }

    private static void readsAsMember(Stage stage, PythonSpeaker.Library library) throws Exception {
        stage.createTopic(1);
        List<String> texts = stage.fill(1, COUNT);
        String read = run(stage, library, "group", Integer.toString(COUNT), stage.group());
        assertThat(read.lines()).isEqualTo(texts);
        stage.assertCommitted(stage.group(), COUNT);
    }

    private static void administers(Stage stage, PythonSpeaker.Library library) throws Exception {
        run(stage, library, "admin");
        assertThat(stage.admin().listTopics().names().get())
                .doesNotContain(stage.topic() + "-admin");
    }

    private static void administersGroups(Stage stage) throws Exception {
        stage.createTopic(1);
        stage.admin()
                .alterConsumerGroupOffsets(
                        stage.group(), Map.of(stage.partition(0), new OffsetAndMetadata(COUNT)))
                .all()
                .get();
        run(
                stage,
                PythonSpeaker.Library.KAFKA_PYTHON,
                "admin-groups",
                Integer.toString(COUNT),
                stage.group());
        assertThat(stage.committed(stage.group())).isEmpty();
    }

    private static String run(
            Stage stage, PythonSpeaker.Library library, String command, String... more)
            throws Exception {
        return Commands.run(
                        LIMIT,
                        new PythonSpeaker(library)
                                .script(command, stage.addresses(), stage.topic())
                                .with(more))
                .ok()
                .out();
    }
}
