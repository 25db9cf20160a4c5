package io.mlog.cli.records;

import io.mlog.cli.terminal.ConnectOptions;
import io.mlog.cli.terminal.Failure;
import io.mlog.cli.terminal.ProcessEnd;
import io.mlog.cli.terminal.Terminal;
import io.mlog.client.ProducerClient;
import io.mlog.client.ProducerConfig;
import io.mlog.model.Acks;
import io.mlog.model.TopicPartition;
import io.mlog.protocol.Bytes;
import io.mlog.protocol.NewRecord;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * Makes each line of stdin a record. Reads as fast as records are acknowledged, since {@link
 * ProducerClient#send} blocks when its buffer is full. The end of the input flushes and ends; the
 * first record that fails stops the reading and ends with 1. ^C flushes what was read and ends with
 * 0 when all of it was acknowledged.
 */
@Command(
        name = "connect",
        description = "Each line of the input becomes a record; its end (^D) flushes and ends.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {
            "  mlog producer connect --topic hello",
            "  mlog producer connect --topic lines --acks all < words.txt",
            "  printf 'user-1:two apples\\n' | mlog producer connect --topic orders"
                    + " --key-separator :"
        })
final class ProducerConnectCommand implements Callable<Integer> {
    private static final int LONGEST_LINE_BYTES = 64 << 20;
    private static final Duration PATIENCE_AT_INTERRUPT = Duration.ofSeconds(5);
    private static final Duration LIMIT_AT_INTERRUPT = Duration.ofSeconds(10);

    @Spec private CommandSpec spec = CommandSpec.create();
    @Mixin private ConnectOptions connect = new ConnectOptions();

    @Option(names = "--topic", paramLabel = "NAME", required = true, description = "The topic.")
    private String topic = "";

    @Option(
            names = "--acks",
            paramLabel = "none|leader|all",
            description =
                    "What a record waits for: nothing, the leader's append, or every in-sync"
                            + " replica's disk (default: leader).")
    private Acks acks = Acks.LEADER;

    @Option(
            names = "--key-separator",
            paramLabel = "TEXT",
            description = "What parts a line into key and value, at its first place.")
    private Optional<String> keySeparator = Optional.empty();

    @Option(
            names = "--partition",
            paramLabel = "N",
            description = "The partition (default: by the key, or one after the other).")
    private Optional<Integer> partition = Optional.empty();

    @Option(
            names = "--compression",
            paramLabel = "CODEC",
            description = "gzip, snappy, lz4, zstd or none (default).")
    private Optional<Codec> compression = Optional.empty();

    /** How batches are stored. */
    enum Codec {
        NONE,
        GZIP,
        SNAPPY,
        LZ4,
        ZSTD
    }

    @Override
    public Integer call() throws IOException {
        if (keySeparator.filter(String::isEmpty).isPresent()) {
            throw new ParameterException(spec.commandLine(), "--key-separator is empty");
        }
        PrintWriter err = spec.commandLine().getErr();
        SendProgress progress = new SendProgress(err, Terminal.is(Terminal.Stream.IN));
        try (ProducerClient producer = ProducerClient.connect(config(err));
                ProcessEnd.Watch _ =
                        ProcessEnd.onSignal(
                                LIMIT_AT_INTERRUPT, () -> endAtOnce(producer, progress))) {
            sendLines(producer, progress);
            producer.flush();
        }
        progress.finish(acks);
        return progress.failure().isPresent() ? 1 : 0;
    }

    private ProducerConfig config(PrintWriter err) {
        ProducerConfig.Builder config =
                ProducerConfig.builder()
                        .connection(connect.quietConnection())
                        .acks(acks)
                        .notices(sentence -> {
                            err.println(sentence);
                            err.flush();
                        });
        compression.ifPresent(
                codec -> config.compression(codec.name().toLowerCase(java.util.Locale.ROOT)));
        return config.build();
    }

    private void sendLines(ProducerClient producer, SendProgress progress) throws IOException {
        LineReader lines = new LineReader(System.in, LONGEST_LINE_BYTES);
        Optional<byte[]> separator =
                keySeparator.map(text -> text.getBytes(StandardCharsets.UTF_8));
        Optional<TopicPartition> target =
                partition.map(number -> new TopicPartition(topic, number));
        for (Optional<Bytes> line = lines.next();
                line.isPresent() && progress.failure().isEmpty();
                line = lines.next()) {
            long number = lines.lines();
            try {
                NewRecord record = record(line.get(), separator);
                progress.sent();
                (target.isPresent()
                                ? producer.send(target.get(), record)
                                : producer.send(topic, record))
                        .whenComplete((where, error) -> progress.settled(number, where, error));
            } catch (RuntimeException e) {
                progress.refused(number, Failure.describe(e));
                return;
            }
        }
    }

    private NewRecord record(Bytes line, Optional<byte[]> separator) {
        if (separator.isEmpty()) {
            return NewRecord.of(line);
        }
        return KeyedLine.split(line, separator.get())
                .orElseThrow(() ->
                        new IllegalArgumentException(
                                "there is no '%s' that parts key and value"
                                        .formatted(keySeparator.orElseThrow())));
    }

    /** Does not wait for the command's thread, which may be waiting for a line. */
    private OptionalInt endAtOnce(ProducerClient producer, SendProgress progress) {
        progress.interrupted();
        producer.close(PATIENCE_AT_INTERRUPT);
        progress.finish(acks);
        return OptionalInt.of(progress.isComplete() ? 0 : 1);
    }
}
