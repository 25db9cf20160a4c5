package io.mlog.cli.topic;

import io.mlog.cli.terminal.ConnectOptions;
import io.mlog.cli.terminal.Output;
import io.mlog.client.AdminClient;
import io.mlog.protocol.DescribeTopic;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Tells everything about a topic. */
@Command(
        name = "describe",
        description = "Tell everything about a topic: partitions, offsets, sizes, configuration.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {
            "  mlog topic describe --topic orders",
            "  mlog topic describe --topic orders --output json"
        })
final class DescribeTopicCommand implements Callable<Integer> {
    @Spec private CommandSpec spec = CommandSpec.create();
    @Mixin private ConnectOptions connect = new ConnectOptions();
    @Mixin private TopicOption topic = new TopicOption();

    @Option(names = "--output", paramLabel = "plain|json", description = "json writes one object.")
    private Output output = Output.PLAIN;

    @Override
    public Integer call() {
        DescribeTopic.Response description;
        try (AdminClient admin = AdminClient.connect(connect.connection())) {
            description = admin.describeTopicByLeaders(topic.name());
        }
        PrintWriter out = spec.commandLine().getOut();
        switch (output) {
            case PLAIN -> out.print(TopicText.describe(description));
            case JSON -> out.println(TopicJson.of(description));
        }
        out.flush();
        return 0;
    }
}
