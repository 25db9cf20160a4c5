package io.mlog.systemtests.clients;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlog.systemtests.harness.PythonSpeaker;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What the two Kafka libraries of Python do. */
final class PythonRows {
    private static final int COUNT = 500;

    private PythonRows() {}

    static List<Row> rows() {
        return List.of(
                Row.works(
                        Client.KAFKA_PYTHON,
                        "producer with acks=all, consumer with assign and seek",
                        stage -> exchange(stage, PythonSpeaker.Library.KAFKA_PYTHON)),
                Row.works(
                        Client.CONFLUENT_PYTHON,
                        "idempotent producer, consumer with assign",
                        stage -> exchange(stage, PythonSpeaker.Library.CONFLUENT)));
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
}
