package io.mlog.cli.topic;

import io.mlog.cli.terminal.ConnectOptions;
import io.mlog.client.AdminClient;
import io.mlog.model.ErrorCode;
import io.mlog.protocol.ElectLeaders;
import java.io.PrintWriter;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Has leaders elected. */
@Command(
        name = "elect",
        description = {
            "Let the first replica lead again, of every partition where another one does.",
            "The cluster does so by itself every few seconds; this does it at once."
        },
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {
            "  mlog topic elect",
            "  mlog topic elect --topic orders --partition 0",
            "  mlog topic elect --topic orders --partition 0 --unclean     may lose records"
        })
final class ElectTopicCommand implements Callable<Integer> {
    @Spec private CommandSpec spec = CommandSpec.create();
    @Mixin private ConnectOptions connect = new ConnectOptions();

    @Option(names = "--topic", paramLabel = "NAME", description = "One topic (default: all).")
    private Optional<String> topic = Optional.empty();

    @Option(
            names = "--partition",
            paramLabel = "N",
            description = "One partition (default: all of the topic).")
    private Optional<Integer> partition = Optional.empty();

    @Option(
            names = "--unclean",
            description =
                    "Let any live replica lead a partition that has no leader: records that only"
                            + " others have are lost.")
    private boolean unclean;

    @Override
    public Integer call() {
        if (topic.isEmpty() && (partition.isPresent() || unclean)) {
            throw new ParameterException(
                    spec.commandLine(), "--partition and --unclean need a --topic");
        }
        ElectLeaders.Response response;
        try (AdminClient admin = AdminClient.connect(connect.connection())) {
            response =
                    admin.electLeaders(
                            new ElectLeaders.Request(
                                    topic, CreateTopicCommand.number(partition), unclean));
        }
        return print(response) ? 0 : 1;
    }

    /** Whether nothing was refused that somebody named. */
    private boolean print(ElectLeaders.Response response) {
        PrintWriter out = spec.commandLine().getOut();
        boolean done = true;
        for (ElectLeaders.Elected each : response.partitions()) {
            out.println(TopicText.elected(each));
            done &=
                    each.error()
                            .map(refusal -> refusal.code() == ErrorCode.ELECTION_NOT_NEEDED)
                            .orElse(true);
        }
        if (response.partitions().isEmpty()) {
            out.println("every first replica that can lead does");
        }
        out.flush();
        return done;
    }
}
