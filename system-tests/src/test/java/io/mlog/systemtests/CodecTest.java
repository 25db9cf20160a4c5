package io.mlog.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlog.systemtests.harness.BrokerProcess;
import io.mlog.systemtests.harness.KcatSpeaker;
import io.mlog.systemtests.harness.Lines;
import io.mlog.systemtests.harness.MlogSpeaker;
import io.mlog.systemtests.harness.Speaker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every codec passes through as the client compressed it. */
@Tag("slow")
class CodecTest {
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
        roundTrip(codec, 50_000);
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "gzip", "snappy", "lz4", "zstd"})
    @Tag("slow")
    @Timeout(300)
    void aMillionLinesInEveryCodecOfKcatComeBack(String codec) throws Exception {
        roundTrip(codec, 1_000_000);
    }

    private static void roundTrip(String codec, int count) throws Exception {
        Speaker kcat = new KcatSpeaker(codec);
        kcat.requireOrSkip();
        String topic = codec + "-" + count;
        Path text = Lines.writeNonEmpty(folder.resolve("text-" + topic), count, 44);
        kcat.write(broker.address(), topic, text);
        for (Speaker reader : new Speaker[] {kcat, new MlogSpeaker()}) {
            Path back = folder.resolve("back-" + topic);
            reader.read(broker.address(), topic, count, back);
            assertThat(Files.mismatch(text, back)).as("read by %s", reader).isEqualTo(-1);
        }
        if (!codec.equals("none")) {
            assertThat(storedBytes(topic))
                    .as(
                            "bytes of the log: kcat sends in silence uncompressed what it thinks"
                                    + " the broker cannot read")
                    .isLessThan(Files.size(text) * 3 / 4);
        }
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
