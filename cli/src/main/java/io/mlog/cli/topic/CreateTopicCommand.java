package io.mlog.cli.topic;

import io.mlog.cli.terminal.ConnectOptions;
import io.mlog.client.AdminClient;
import io.mlog.protocol.CreateTopic;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Creates a topic; it accepts records when the command ends. */
@Command(
        name = "create",
        description = "Create a topic.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {
            "  mlog topic create --topic orders",
            "  mlog topic create --topic orders --partitions 6 --config retention.ms=86400000"
        })
final class CreateTopicCommand implements Callable<Integer> {
    @Spec private CommandSpec spec = CommandSpec.create();
    @Mixin private ConnectOptions connect = new ConnectOptions();
    @Mixin private TopicOption topic = new TopicOption();

    @Option(
            names = "--replicas",
            paramLabel = "N",
            description =
                    "Copies of each partition, the leader's included (default: 3, or as many as"
                            + " there are brokers).")
    private Optional<Integer> replicas = Optional.empty();

    @Option(names = "--partitions", paramLabel = "N", description = "Partitions (default: 1).")
    private Optional<Integer> partitions = Optional.empty();

    @Option(
            names = "--config",
            paramLabel = "NAME=VALUE",
            description = "A configuration of the topic, such as retention.ms; repeatable.")
    private Map<String, String> configs = new LinkedHashMap<>();

    @Override
    public Integer call() {
        try (AdminClient admin = AdminClient.connect(connect.connection())) {
            CreateTopic.Response created =
                    admin.createTopic(
                            new CreateTopic.Request(
                                    topic.name(), number(replicas), number(partitions), configs));
            spec.commandLine().getOut().println(TopicText.created(created));
        }
        return 0;
    }

    static OptionalInt number(Optional<Integer> value) {
        return value.map(OptionalInt::of).orElseGet(OptionalInt::empty);
    }
}
