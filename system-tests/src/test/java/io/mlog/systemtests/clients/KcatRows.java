package io.mlog.systemtests.clients;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlog.systemtests.harness.Commands;
import io.mlog.systemtests.harness.Launch;
import io.mlog.systemtests.harness.Ran;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** What kcat does. */
final class KcatRows {
    private static final int COUNT = 300;
    private static final Duration LIMIT = Duration.ofSeconds(90);

    private KcatRows() {}

    static List<Row> rows() {
        return List.of(
                Row.works(
                        Client.KCAT,
                        "-P and -C, every codec",
                        KcatRows::producesAndConsumesEveryCodec),
                Row.works(Client.KCAT, "-L, the cluster and its topics", KcatRows::lists)
                        .onWholeCluster(),
                Row.works(Client.KCAT, "-Q, offsets by time", KcatRows::queries),
                Row.works(Client.KCAT, "-G, as a member of a group", KcatRows::readsAsMember));
    }

    private static void producesAndConsumesEveryCodec(Stage stage) throws Exception {
        stage.createTopic(1);
        List<String> texts = Stage.texts(COUNT);
        Path file = Files.write(stage.folder().resolve("texts"), texts);
        List<String> codecs = List.of("none", "gzip", "snappy", "lz4", "zstd");
        for (String codec : codecs) {
            kcat(stage, List.of("-P", "-t", stage.topic(), "-p", "0", "-z", codec), file);
        }
        List<String> read =
                kcat(stage, List.of("-C", "-t", stage.topic(), "-e", "-q", "-o", "beginning"))
                        .out()
                        .lines()
                        .toList();
        for (int i = 0; i < codecs.size(); i++) {
            assertThat(read.subList(i * COUNT, (i + 1) * COUNT)).as(codecs.get(i)).isEqualTo(texts);
        }
        assertThat(read).hasSize(codecs.size() * COUNT);
    }

    private static void lists(Stage stage) throws Exception {
        stage.createTopic(3);
        String listed = kcat(stage, List.of("-L", "-t", stage.topic())).out();
        assertThat(listed)
                .contains(stage.scene().brokers() + " brokers:")
                .contains("topic \"" + stage.topic() + "\" with 3 partitions:")
                .contains("partition 2, leader ");
    }

    private static void queries(Stage stage) throws Exception {
        stage.createTopic(1);
        stage.fill(1, COUNT);
        String topic = stage.topic() + ":0:";
        assertThat(kcat(stage, List.of("-Q", "-t", topic + "1")).out())
                .isEqualToIgnoringNewLines(stage.topic() + " [0] offset 0");
        assertThat(kcat(stage, List.of("-Q", "-t", topic + "-1")).out())
                .isEqualToIgnoringNewLines(stage.topic() + " [0] offset " + COUNT);
    }

    private static void readsAsMember(Stage stage) throws Exception {
        stage.createTopic(2);
        List<String> texts = stage.fill(2, COUNT);
        List<String> group =
                List.of(
                        "-G",
                        stage.group(),
                        "-X",
                        "auto.offset.reset=earliest",
                        "-c",
                        Integer.toString(2 * COUNT),
                        "-f",
                        "%p %s\n",
                        stage.topic());
        List<String> read = kcat(stage, group).out().lines().toList();
        for (int partition = 0; partition < 2; partition++) {
            String begin = partition + " ";
            assertThat(read.stream().filter(line -> line.startsWith(begin)))
                    .isEqualTo(texts.stream().map(text -> begin + text).toList());
        }
        stage.assertCommitted(stage.group(), COUNT, COUNT);
    }

    private static Ran kcat(Stage stage, List<String> arguments) throws Exception {
        return Commands.run(LIMIT, command(stage, arguments)).ok();
    }

    private static Ran kcat(Stage stage, List<String> arguments, Path stdin) throws Exception {
        return Commands.run(LIMIT, command(stage, arguments).from(stdin)).ok();
    }

    private static Launch command(Stage stage, List<String> arguments) {
        return Launch.of("kcat", "-b", stage.addresses()).with(arguments.toArray(String[]::new));
    }
}
