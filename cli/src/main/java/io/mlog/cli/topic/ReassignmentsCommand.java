package io.mlog.cli.topic;

import io.mlog.cli.terminal.ConnectOptions;
import io.mlog.cli.terminal.Output;
import io.mlog.client.AdminClient;
import io.mlog.protocol.ListReassignments;
import java.io.PrintWriter;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Lists the partitions whose replicas are moving. */
@Command(
        name = "reassignments",
        description = "List the partitions whose replicas are moving.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {"  mlog topic reassignments", "  mlog topic reassignments --topic orders"})
final class ReassignmentsCommand implements Callable<Integer> {
    @Spec private CommandSpec spec = CommandSpec.create();
    @Mixin private ConnectOptions connect = new ConnectOptions();

    @Option(names = "--topic", paramLabel = "NAME", description = "Of one topic (default: all).")
    private Optional<String> topic = Optional.empty();

    @Option(
            names = "--output",
            paramLabel = "plain|json",
            description = "json writes an object for each partition.")
    private Output output = Output.PLAIN;

    @Override
    public Integer call() {
        List<ListReassignments.Move> moves;
        try (AdminClient admin = AdminClient.connect(connect.connection())) {
            moves = admin.reassignments(topic);
        }
        PrintWriter out = spec.commandLine().getOut();
        switch (output) {
            case PLAIN -> out.print(TopicText.moves(moves));
            case JSON -> moves.forEach(move -> out.println(TopicJson.of(move)));
        }
        out.flush();
        return 0;
    }
}
