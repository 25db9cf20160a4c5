package io.mlog.cli.records;

import io.mlog.cli.terminal.ConnectOptions;
import io.mlog.cli.terminal.Output;
import io.mlog.cli.terminal.PointInTime;
import io.mlog.cli.terminal.ProcessEnd;
import io.mlog.client.ConsumerClient;
import io.mlog.client.ConsumerConfig;
import io.mlog.client.RebalanceListener;
import io.mlog.client.StartAt;
import io.mlog.model.TopicPartition;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Prints records as they come and keeps the place behind what it printed under a name. */
@Command(
        name = "connect",
        description = {
            "Prints records as they come, until ^C. Remembers under --id or --group what it"
                    + " printed, every second and at the end, and resumes there; a new name begins"
                    + " at the log start."
        },
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {
            "  mlog consumer connect --topic hello --id me",
            "  mlog consumer connect --topic orders --group billing",
            "  mlog consumer connect --topic lines --id copy --from-beginning --max 1000 > lines.txt",
            "  mlog consumer connect --topic hello --id me --at -15m --output json"
        })
final class ConsumerConnectCommand implements Callable<Integer> {
    private static final Duration PATIENCE_AT_INTERRUPT = Duration.ofSeconds(10);

    @Spec private CommandSpec spec = CommandSpec.create();
    @Mixin private ConnectOptions connect = new ConnectOptions();

    @Option(names = "--topic", paramLabel = "NAME", required = true, description = "The topic.")
    private String topic = "";

    @Option(
            names = "--id",
            paramLabel = "NAME",
            description = "The name under which the place is kept. Reads all partitions.")
    private Optional<String> id = Optional.empty();

    @Option(
            names = "--group",
            paramLabel = "NAME",
            description =
                    "To be a member of this group, whose members share the partitions and each"
                            + " resume where the group is. In place of --id.")
    private Optional<String> group = Optional.empty();

    @ArgGroup(exclusive = true, multiplicity = "0..1")
    private Start start = new Start();

    @Option(
            names = "--partition",
            paramLabel = "N",
            description = "Read this partition only; repeatable.")
    private List<Integer> partitions = new ArrayList<>();

    @Option(names = "--max", paramLabel = "N", description = "End after N records.")
    private Optional<Long> max = Optional.empty();

    @Option(
            names = "--output",
            paramLabel = "plain|json",
            description = "plain prints values (default), json an object with offset, key and all.")
    private Output output = Output.PLAIN;

    /** Where to begin instead of where the id was. */
    static final class Start {
        @Option(names = "--from-beginning", description = "Begin at the first record there is.")
        private boolean fromBeginning;

        @Option(
                names = "--offset",
                paramLabel = "N",
                description = "Begin at this offset, in every partition that is read.")
        private Optional<Long> offset = Optional.empty();

        @Option(
                names = "--at",
                paramLabel = "TIME",
                converter = PointInTime.class,
                description = "Begin at this time: ISO-8601, or a span before now such as -15m.")
        private Optional<Instant> at = Optional.empty();

        Optional<StartAt> chosen() {
            if (fromBeginning) {
                return Optional.of(new StartAt.Beginning());
            }
            return offset.<StartAt>map(StartAt.Offset::new)
                    .or(() -> at.map(time -> new StartAt.Time(Math.max(0, time.toEpochMilli()))));
        }
    }

    @Override
    public Integer call() throws IOException {
        ConsumerConfig config = config();
        long most = max.orElse(Long.MAX_VALUE);
        RecordPrinter printer = new RecordPrinter(new FileOutputStream(FileDescriptor.out), output);
        try (ConsumerClient consumer = ConsumerClient.connect(config, flushing(printer))) {
            PrintLoop loop = new PrintLoop(consumer, printer, most, System::nanoTime);
            try (ProcessEnd.Watch _ = ProcessEnd.onSignal(PATIENCE_AT_INTERRUPT, loop::stop)) {
                loop.run();
            }
        }
        return 0;
    }

    /**
     * What goes to another member was printed, and not only to a buffer, before it is committed.
     */
    private static RebalanceListener flushing(RecordPrinter printer) {
        return new RebalanceListener() {
            @Override
            public void revoked(Set<TopicPartition> partitions) {
                try {
                    printer.flush();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        };
    }

    private ConsumerConfig config() {
        if (group.isPresent() == id.isPresent()) {
            throw wrong(
                    "one of --id and --group is needed: --id reads all partitions and keeps the place under that name, --group shares them with the group's other members");
        }
        if (max.filter(count -> count < 1).isPresent()) {
            throw wrong("--max " + max.get() + " is not a number from 1 on");
        }
        try {
            ConsumerConfig.Builder config =
                    ConsumerConfig.builder()
                            .connection(connect.connection())
                            .topic(topic)
                            .allowFollower(true)
                            .partitions(partitions.toArray(Integer[]::new));
            id.ifPresent(config::id);
            group.ifPresent(config::group);
            start.chosen().ifPresent(config::start);
            return config.build();
        } catch (IllegalArgumentException e) {
            throw wrong(String.valueOf(e.getMessage()));
        }
    }

    private ParameterException wrong(String message) {
        return new ParameterException(spec.commandLine(), message);
    }
}
