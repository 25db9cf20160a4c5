package io.mlog.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlog.systemtests.harness.BrokerProcess;
import io.mlog.systemtests.harness.JavaKafkaSpeaker;
import io.mlog.systemtests.harness.KcatSpeaker;
import io.mlog.systemtests.harness.Lines;
import io.mlog.systemtests.harness.MlogSpeaker;
import io.mlog.systemtests.harness.OfferedApis;
import io.mlog.systemtests.harness.Speaker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every codec passes through as the client compressed it. */
class CodecTest {
    private static final int FIND_COORDINATOR = 10;

    @TempDir static Path folder;
    private static BrokerProcess broker;

    @BeforeAll
    static void startBroker() throws Exception {
        broker = BrokerProcess.in(folder.resolve("data"));
        broker.start();
    }

    @AfterAll
    static void endBroker() {
        broker.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "gzip", "snappy", "lz4", "zstd"})
    @Timeout(120)
    void aTextInEveryCodecOfKcatComesBack(String codec) throws Exception {
        roundTrip(new KcatSpeaker(codec), 20_000, kcatCompressesWith(codec));
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "gzip", "snappy", "lz4", "zstd"})
    @Timeout(120)
    void aTextInEveryCodecOfJavaComesBack(String codec) throws Exception {
        roundTrip(new JavaKafkaSpeaker(codec), 20_000, !codec.equals("none"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "gzip", "snappy", "lz4", "zstd"})
    @Tag("slow")
    @Timeout(300)
    void aMillionLinesInEveryCodecOfKcatComeBack(String codec) throws Exception {
        roundTrip(new KcatSpeaker(codec), 1_000_000, kcatCompressesWith(codec));
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "gzip", "snappy", "lz4", "zstd"})
    @Tag("slow")
    @Timeout(300)
    void aMillionLinesInEveryCodecOfJavaComeBack(String codec) throws Exception {
        roundTrip(new JavaKafkaSpeaker(codec), 1_000_000, !codec.equals("none"));
    }

    /** In silence librdkafka leaves lz4 out where a broker offers no FindCoordinator. */
    private static boolean kcatCompressesWith(String codec) throws IOException {
        return switch (codec) {
            case "none" -> false;
            case "lz4" -> OfferedApis.of(broker.rpcPort()).contains(FIND_COORDINATOR);
            default -> true;
        };
    }

    private static void roundTrip(Speaker writer, int count, boolean compressed) throws Exception {
        Speaker kcat = new KcatSpeaker("none");
        kcat.requireOrSkip();
        String topic = writer.toString().replace(' ', '-') + "-" + count;
        Path text = Lines.writeNonEmpty(folder.resolve("text"), count, 44);
        writer.write(broker.address(), topic, text);
        Path back = folder.resolve("back");
        for (Speaker reader : List.of(kcat, new JavaKafkaSpeaker(), new MlogSpeaker())) {
            reader.read(broker.address(), topic, count, back);
            assertThat(Files.mismatch(text, back)).as("read by %s", reader).isEqualTo(-1);
        }
        assertThat(storedBytes(topic) < Files.size(text) * 3 / 4)
                .as("%,d bytes of text are %,d in the log", Files.size(text), storedBytes(topic))
                .isEqualTo(compressed);
    }

    private static long storedBytes(String topic) throws IOException {
        try (var files = Files.list(broker.dataDir().resolve(topic + "-0"))) {
            long bytes = 0;
            for (Path file : (Iterable<Path>) files::iterator) {
                if (file.toString().endsWith(".log")) {
                    bytes += Files.size(file);
                }
            }
            return bytes;
        }
    }
}
