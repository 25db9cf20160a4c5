package io.mlog.cli.topic;

import io.mlog.cli.terminal.ConnectOptions;
import io.mlog.client.AdminClient;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Deletes a topic with all its records. */
@Command(
        name = "delete",
        description = "Delete a topic with all its records.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExample:%n",
        footer = "  mlog topic delete --topic orders")
final class DeleteTopicCommand implements Callable<Integer> {
    @Spec private CommandSpec spec = CommandSpec.create();
    @Mixin private ConnectOptions connect = new ConnectOptions();
    @Mixin private TopicOption topic = new TopicOption();

    @Override
    public Integer call() {
        try (AdminClient admin = AdminClient.connect(connect.connection())) {
            admin.deleteTopic(topic.name());
            spec.commandLine().getOut().println("deleted " + topic.name());
        }
        return 0;
    }
}
