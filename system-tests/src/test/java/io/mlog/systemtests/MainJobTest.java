package io.mlog.systemtests;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.mlog.systemtests.harness.Await;
import io.mlog.systemtests.harness.BrokerProcess;
import io.mlog.systemtests.harness.Child;
import io.mlog.systemtests.harness.Commands;
import io.mlog.systemtests.harness.JsonRpc;
import io.mlog.systemtests.harness.Launch;
import io.mlog.systemtests.harness.Lines;
import io.mlog.systemtests.harness.Ran;
import io.mlog.systemtests.harness.Stopwatch;
import io.mlog.systemtests.harness.Tools;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The main job: a text goes in through {@code bin/producer} and out through {@code bin/consumer}.
 */
class MainJobTest {
    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final String TOPIC = "lines";

    @TempDir Path folder;
    private BrokerProcess broker;

    @BeforeEach
    void startBroker() throws Exception {
        broker = BrokerProcess.in(folder.resolve("data"));
        broker.start();
    }

    @AfterEach
    void endBroker() {
        broker.close();
    }

    @Test
    @Timeout(180)
    void aTextComesBackByteForByte() throws Exception {
        pipeThrough(100_000);
    }

    @Test
    @Tag("slow")
    @Timeout(300)
    void aMillionLinesComeBackByteForByteAtAHundredThousandASecond() throws Exception {
        assertThat(pipeThrough(1_000_000)).as("lines per second").isGreaterThan(100_000);
    }

    /** Lines per second into the producer, starts and ends of its process included. */
    private double pipeThrough(int count) throws Exception {
        Path text = Lines.write(folder.resolve("text"), count, 42);
        Stopwatch watch = Stopwatch.started();
        Ran produced = produce(text);
        double rate = perSecond(count, watch.undisturbed());
        Path back = folder.resolve("back");
        Ran consumed =
                Commands.run(LIMIT, consumer("a", count).with("--from-beginning").to(back)).ok();
        assertThat(Files.mismatch(text, back)).as("first different byte").isEqualTo(-1);
        System.out.printf(
                "main job: %,d lines, %,d bytes: producer %,.0f lines/s, consumer %,.0f lines/s,"
                        + " process starts included; on an idle machine the producer would make"
                        + " %,.0f lines/s%n",
                count,
                Files.size(text),
                perSecond(count, produced.took()),
                perSecond(count, consumed.took()),
                rate);
        return rate;
    }

    private static double perSecond(int count, Duration time) {
        return count / (time.toNanos() / 1e9);
    }

    @Test
    @Timeout(120)
    void carriageReturnsAndALastLineWithoutItsEndComeBack() throws Exception {
        Path text = Files.writeString(folder.resolve("dos"), "one\r\n\r\ntwo\rhalf\r\n\nlast");
        produce(text);
        Path back = folder.resolve("back");
        Commands.run(LIMIT, consumer("a", 5).with("--from-beginning").to(back)).ok();
        assertThat(Files.readString(back)).isEqualTo("one\r\n\r\ntwo\rhalf\r\n\nlast\n");
    }

    @Test
    @Timeout(60)
    void whoTypesIsToldWhereEachLineWentAndAPipeIsNot() throws Exception {
        Tools.requireOrSkip("script");
        Launch producer =
                Launch.bin("producer", "connect", "--addrs", broker.address(), "--topic", TOPIC);
        Launch typing =
                Launch.of("script", "-qec", String.join(" ", producer.command()), "/dev/null");
        try (Child terminal = Child.start(typing)) {
            terminal.stdin().write("typed\n".getBytes(UTF_8));
            terminal.stdin().flush();
            Await.until(
                    LIMIT,
                    "the offset is told",
                    () -> terminal.output().contains("partition 0, offset 0"));
            terminal.stdin().close();
            assertThat(terminal.awaitExit(LIMIT)).as(terminal.output()).isZero();
        }
        Path piped = Files.writeString(folder.resolve("piped"), "piped\n");
        assertThat(Commands.run(LIMIT, producer.from(piped)).ok().err())
                .contains("1 acknowledged")
                .doesNotContain("offset");
    }

    @Test
    @Timeout(180)
    void aConsumerEndedByCtrlCGoesOnWhereItStopped() throws Exception {
        Thirds text = Thirds.of(folder, 60_000);
        Path before = consumeUntilTheMiddle(text, "INT");
        int printed = lineCount(before);
        Path after = folder.resolve("after");
        Commands.run(LIMIT, consumer("stopped", text.count() - printed).to(after)).ok();
        Path both = folder.resolve("both");
        append(both, before);
        append(both, after);
        assertThat(Files.mismatch(text.whole(), both)).as("first different byte").isEqualTo(-1);
    }

    @Test
    @Timeout(180)
    void aKilledConsumerRepeatsNothingItHadCommittedAndLosesNothing() throws Exception {
        Thirds text = Thirds.of(folder, 60_000);
        Path before = consumeUntilTheMiddle(text, "KILL");
        int committed = (int) committed();
        assertThat(committed)
                .as("committed after printing, so never more than what was printed")
                .isBetween(text.count() / 3, lineCount(before));
        Path after = folder.resolve("after");
        Commands.run(LIMIT, consumer("stopped", text.count() - committed).to(after)).ok();
        List<String> lines = Files.readAllLines(text.whole());
        assertThat(Files.readAllLines(after)).isEqualTo(lines.subList(committed, lines.size()));
    }

    /**
     * Lets a consumer read and commit the first third, stops it when it has printed some of the
     * second, which arrives meanwhile, and then produces the last.
     */
    private Path consumeUntilTheMiddle(Thirds text, String signal) throws Exception {
        produce(text.first());
        Path printed = folder.resolve("before");
        try (Child consumer =
                        Child.start(
                                consumer("stopped", Integer.MAX_VALUE)
                                        .with("--from-beginning")
                                        .to(printed));
                Child producer = Child.start(producer())) {
            Await.until(
                    LIMIT, "the commit of the first third", () -> committed() == text.count() / 3);
            long third = Files.size(text.first());
            Files.copy(text.second(), producer.stdin());
            producer.stdin().flush();
            Await.until(LIMIT, "some of the second third", () -> Files.size(printed) > third);
            consumer.signal(signal);
            consumer.awaitExit(LIMIT);
            Files.copy(text.last(), producer.stdin());
            producer.stdin().close();
            assertThat(producer.awaitExit(LIMIT)).isZero();
        }
        return printed;
    }

    private long committed() throws IOException {
        return JsonRpc.number(
                        JsonRpc.call(
                                broker.rpcPort(),
                                "{\"id\":1,\"type\":\"FetchOffset\",\"topic\":\""
                                        + TOPIC
                                        + "\",\"consumerId\":\"stopped\"}"),
                        "offset")
                .orElse(-1);
    }

    private Ran produce(Path text) throws Exception {
        return Commands.run(LIMIT, producer().from(text)).ok();
    }

    private Launch producer() {
        return Launch.bin(
                "producer",
                "connect",
                "--addrs",
                broker.address(),
                "--topic",
                TOPIC,
                "--acks",
                "all");
    }

    private Launch consumer(String id, int most) {
        return Launch.bin(
                "consumer",
                "connect",
                "--addrs",
                broker.address(),
                "--topic",
                TOPIC,
                "--id",
                id,
                "--max",
                Integer.toString(most));
    }

    private static void append(Path to, Path from) throws IOException {
        try (OutputStream out =
                Files.newOutputStream(to, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
            Files.copy(from, out);
        }
    }

    /** Whole lines only: a killed process may leave half a line. */
    private static int lineCount(Path file) throws IOException {
        int count = 0;
        for (byte b : Files.readAllBytes(file)) {
            if (b == '\n') {
                count++;
            }
        }
        return count;
    }

    private record Thirds(Path whole, Path first, Path second, Path last, int count) {
        static Thirds of(Path folder, int count) throws IOException {
            Path whole = Lines.write(folder.resolve("whole"), count, 43);
            List<String> lines = Files.readAllLines(whole);
            int third = count / 3;
            return new Thirds(
                    whole,
                    Files.write(folder.resolve("first"), lines.subList(0, third)),
                    Files.write(folder.resolve("second"), lines.subList(third, 2 * third)),
                    Files.write(folder.resolve("last"), lines.subList(2 * third, count)),
                    count);
        }
    }
}
