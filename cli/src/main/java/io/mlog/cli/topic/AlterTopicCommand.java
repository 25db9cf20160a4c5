package io.mlog.cli.topic;

import io.mlog.cli.terminal.ConnectOptions;
import io.mlog.client.AdminClient;
import io.mlog.protocol.AlterTopic;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Changes a topic's configuration or raises its number of partitions. */
@Command(
        name = "alter",
        description = "Change a topic's configuration, or add partitions.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {
            "  mlog topic alter --topic orders --config retention.ms=86400000",
            "  mlog topic alter --topic orders --config retention.ms=    back to the default",
            "  mlog topic alter --topic orders --partitions 12"
        })
final class AlterTopicCommand implements Callable<Integer> {
    @Spec private CommandSpec spec = CommandSpec.create();
    @Mixin private ConnectOptions connect = new ConnectOptions();
    @Mixin private TopicOption topic = new TopicOption();

    @Option(
            names = "--partitions",
            paramLabel = "N",
            description = "The new number of partitions, more than before.")
    private Optional<Integer> partitions = Optional.empty();

    @Option(
            names = "--config",
            paramLabel = "NAME=VALUE",
            description = "A new value; an empty one goes back to the default; repeatable.")
    private Map<String, String> configs = new LinkedHashMap<>();

    @Override
    public Integer call() {
        if (partitions.isEmpty() && configs.isEmpty()) {
            throw new ParameterException(
                    spec.commandLine(), "nothing to alter: give --config or --partitions");
        }
        Map<String, Optional<String>> changes = new LinkedHashMap<>();
        configs.forEach((name, value) ->
                changes.put(name, Optional.of(value).filter(text -> !text.isEmpty())));
        try (AdminClient admin = AdminClient.connect(connect.connection())) {
            AlterTopic.Response altered =
                    admin.alterTopic(
                            new AlterTopic.Request(
                                    topic.name(), CreateTopicCommand.number(partitions), changes));
            spec.commandLine().getOut().println(TopicText.altered(altered));
        }
        return 0;
    }
}
