package io.mlog.cli.topic;

import io.mlog.cli.terminal.ConnectOptions;
import io.mlog.cli.terminal.Output;
import io.mlog.client.AdminClient;
import io.mlog.protocol.ListTopics;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Lists all topics by name. */
@Command(
        name = "list",
        description = "List the topics.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {"  mlog topic list", "  mlog topic list --output json"})
final class ListTopicsCommand implements Callable<Integer> {
    @Spec private CommandSpec spec = CommandSpec.create();
    @Mixin private ConnectOptions connect = new ConnectOptions();

    @Option(
            names = "--output",
            paramLabel = "plain|json",
            description = "json writes an object for each topic.")
    private Output output = Output.PLAIN;

    @Override
    public Integer call() {
        List<ListTopics.Topic> topics;
        try (AdminClient admin = AdminClient.connect(connect.connection())) {
            topics = admin.listTopics();
        }
        PrintWriter out = spec.commandLine().getOut();
        switch (output) {
            case PLAIN -> out.print(TopicText.list(topics));
            case JSON -> topics.forEach(topic -> out.println(TopicJson.of(topic)));
        }
        out.flush();
        return 0;
    }
}
