package io.mlog.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlog.systemtests.harness.BrokerProcess;
import io.mlog.systemtests.harness.JavaKafkaSpeaker;
import io.mlog.systemtests.harness.KcatSpeaker;
import io.mlog.systemtests.harness.Lines;
import io.mlog.systemtests.harness.MlogSpeaker;
import io.mlog.systemtests.harness.Speaker;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What one client writes is what every other client reads. */
class CrossReadingTest {
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

    record Pair(Speaker writer, Speaker reader) {
        @Override
        public String toString() {
            return "written by " + writer + ", read by " + reader;
        }
    }

    /** Every pair. */
    static List<Pair> pairs() {
        return pairsOf(Speaker.all());
    }

    /** The pairs that read and write a million records in a minute. */
    static List<Pair> fastPairs() {
        return pairsOf(List.of(new MlogSpeaker(), new KcatSpeaker("lz4"), new JavaKafkaSpeaker()));
    }

    private static List<Pair> pairsOf(List<Speaker> speakers) {
        return speakers.stream()
                .flatMap(writer -> speakers.stream().map(reader -> new Pair(writer, reader)))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("pairs")
    @Timeout(120)
    void everyClientReadsWhatEveryOtherWrote(Pair pair) throws Exception {
        exchange(pair, 5_000);
    }

    @ParameterizedTest
    @MethodSource("fastPairs")
    @Tag("slow")
    @Timeout(300)
    void aMillionLinesPassBetweenClients(Pair pair) throws Exception {
        exchange(pair, 1_000_000);
    }

    /** A writer writes once for all its readers. */
    private static void exchange(Pair pair, int count) throws Exception {
        pair.writer().requireOrSkip();
        pair.reader().requireOrSkip();
        String topic = pair.writer().toString().replace(' ', '-') + "-" + count;
        Path text = folder.resolve("text-" + topic);
        if (!Files.exists(text)) {
            Lines.writeNonEmpty(text, count, topic.hashCode());
            pair.writer().write(broker.address(), topic, text);
        }
        Path back = folder.resolve("back");
        pair.reader().read(broker.address(), topic, count, back);
        assertThat(Files.mismatch(text, back)).as("first different byte").isEqualTo(-1);
    }
}
